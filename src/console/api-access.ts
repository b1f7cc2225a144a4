import type { ApiSchemas } from '../client/client.ts'
import { answerOf, client } from './api.ts'
import { auditFilterOf, type AuditSearch } from './audit-search.ts'

/** Requests about who may come in, and who did what. */
export type PageQuery = { page?: number; size?: number }
export type ServiceAccountTerms = Pick<ApiSchemas['NewServiceAccount'], 'role' | 'instanceIds' | 'expiresAt'>

const ofMember = (memberId: string) => ({ path: { memberId } })
const ofAccount = (serviceAccountId: string) => ({ path: { serviceAccountId } })
const key = (idempotencyKey: string) => ({ 'Idempotency-Key': idempotencyKey })

export const access = {
  members: (query: PageQuery) => answerOf(client.GET('/api/v1/members', { params: { query } })),
  inviteMember: (body: ApiSchemas['NewMember'], idempotencyKey: string) =>
    answerOf(client.POST('/api/v1/members', { params: { header: key(idempotencyKey) }, body })),
  changeMember: (id: string, body: ApiSchemas['ChangedMember']) =>
    answerOf(client.PATCH('/api/v1/members/{memberId}', { params: ofMember(id), body })),
  resetMember: (id: string) => answerOf(client.POST('/api/v1/members/{memberId}:reset', { params: ofMember(id) })),
  signOutMember: (id: string) => answerOf(client.POST('/api/v1/members/{memberId}:signOut', { params: ofMember(id) })),
  deleteMember: (id: string) => answerOf(client.DELETE('/api/v1/members/{memberId}', { params: ofMember(id) })),

  serviceAccounts: (query: PageQuery) => answerOf(client.GET('/api/v1/service-accounts', { params: { query } })),
  createServiceAccount: (body: ApiSchemas['NewServiceAccount'], idempotencyKey: string) =>
    answerOf(client.POST('/api/v1/service-accounts', { params: { header: key(idempotencyKey) }, body })),
  changeServiceAccount: (id: string, body: ApiSchemas['ChangedServiceAccount']) =>
    answerOf(client.PATCH('/api/v1/service-accounts/{serviceAccountId}', { params: ofAccount(id), body })),
  rotateServiceAccount: (id: string, overlapSeconds: number) =>
    answerOf(
      client.POST('/api/v1/service-accounts/{serviceAccountId}:rotate', {
        params: ofAccount(id),
        body: { overlapSeconds },
      }),
    ),
  deleteServiceAccount: (id: string) =>
    answerOf(client.DELETE('/api/v1/service-accounts/{serviceAccountId}', { params: ofAccount(id) })),

  audit: (search: AuditSearch, size: number) =>
    answerOf(
      client.GET('/api/v1/audit-events', {
        params: { query: { ...auditFilterOf(search), page: search.page ?? 1, size } },
      }),
    ),
}
