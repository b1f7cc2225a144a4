import { makeApiClient, type ApiSchemas } from '../client/client.ts'
import type { DriftWay } from '../domain/drift.ts'
import type { InstanceState } from '../domain/instance.ts'
import type { OperationAction, OperationStatus } from '../domain/operation.ts'
import type { NewInstance } from './api-types.ts'
import { problemFrom } from './problem.ts'
import type { InstanceSort } from './search.ts'

/** Every request that the console makes, one function each. All throw a `Problem` when Millrace refuses. */
export const client = makeApiClient('')

type Answered<T> = Promise<{ data?: T; error?: unknown; response: Response }>

export async function answerOf<T>(answered: Answered<T>): Promise<T> {
  const { data, error, response } = await answered
  if (!response.ok) throw problemFrom(response, error)
  return data as T
}

export type InstanceQuery = {
  page?: number
  size?: number
  keyword?: string
  state?: InstanceState
  sort?: InstanceSort
  desc?: boolean
}
export type OperationQuery = { page?: number; size?: number; instanceId?: string; state?: OperationStatus }

const ofInstance = (instanceId: string) => ({ params: { path: { instanceId } } })
const ofOperation = (operationId: string) => ({ params: { path: { operationId } } })
const dryRun = { dryRun: 'true' } as const

/** A change of a running Instance: by its wanted shape, a restart, its authority, or what to do with its drift. */
export type ChangeRequest =
  | { verb: 'change'; body: ApiSchemas['InstanceChange'] }
  | { verb: 'restart'; body: ApiSchemas['InstanceRestart'] }
  | { verb: 'exchange-authority'; body: ApiSchemas['AuthorityExchange'] }
  | { verb: DriftWay; body: ApiSchemas['DriftSettlement'] }

export const api = {
  signIn: (user: string, password: string) => answerOf(client.POST('/api/v1/sessions', { body: { user, password } })),
  signOut: () => answerOf(client.DELETE('/api/v1/sessions/current')),
  session: () => answerOf(client.GET('/api/v1/sessions/current')),
  changePassword: (currentPassword: string, newPassword: string) =>
    answerOf(client.PUT('/api/v1/members/current/password', { body: { currentPassword, newPassword } })),

  environment: () => answerOf(client.GET('/api/v1/environment')),
  versions: () => answerOf(client.GET('/api/v1/versions')),

  instances: ({ state, desc, ...query }: InstanceQuery) =>
    answerOf(
      client.GET('/api/v1/instances', {
        params: { query: { ...query, ...(state && { state: [state] }), ...(desc !== undefined && flag(desc)) } },
      }),
    ),
  instance: (id: string) => answerOf(client.GET('/api/v1/instances/{instanceId}', ofInstance(id))),
  endpoints: (id: string) => answerOf(client.GET('/api/v1/instances/{instanceId}/endpoints', ofInstance(id))),
  certificates: (id: string) => answerOf(client.GET('/api/v1/instances/{instanceId}/certificates', ofInstance(id))),
  configurations: (id: string) => answerOf(client.GET('/api/v1/instances/{instanceId}/configurations', ofInstance(id))),
  settings: (id: string) => answerOf(client.GET('/api/v1/instances/{instanceId}/settings', ofInstance(id))),
  nodes: (id: string) => answerOf(client.GET('/api/v1/instances/{instanceId}/nodes', ofInstance(id))),
  drift: (id: string) => answerOf(client.GET('/api/v1/instances/{instanceId}/drift', ofInstance(id))),
  activity: (id: string) => answerOf(client.GET('/api/v1/instances/{instanceId}/events', ofInstance(id))),

  planCreate: async (body: NewInstance) => {
    const answer = await answerOf(client.POST('/api/v1/instances', { params: { query: dryRun }, body }))
    return planIn(answer)
  },
  createInstance: async (body: NewInstance, idempotencyKey: string) => {
    const header = { 'Idempotency-Key': idempotencyKey }
    return instanceIn(await answerOf(client.POST('/api/v1/instances', { params: { header }, body })))
  },
  updateInstance: async (id: string, body: { name?: string; description?: string }) =>
    instanceIn(await answerOf(client.PATCH('/api/v1/instances/{instanceId}', { ...ofInstance(id), body }))),
  planChange: async (instanceId: string, request: ChangeRequest) =>
    planIn(await sendChange(request, { path: { instanceId }, query: dryRun })),
  changeInstance: async (instanceId: string, request: ChangeRequest, idempotencyKey: string) =>
    instanceIn(await sendChange(request, { path: { instanceId }, header: { 'Idempotency-Key': idempotencyKey } })),
  upgradeTargets: (id: string) =>
    answerOf(client.GET('/api/v1/instances/{instanceId}/upgrade-targets', ofInstance(id))),
  whatIf: (instanceId: string, query: { node?: number; zone?: string }) =>
    answerOf(client.GET('/api/v1/instances/{instanceId}/what-if', { params: { path: { instanceId }, query } })),
  settingsOfVersion: (version: string) =>
    answerOf(client.GET('/api/v1/versions/{version}/settings', { params: { path: { version } } })),
  planDelete: async (instanceId: string) => {
    const params = { path: { instanceId }, query: dryRun }
    return planIn(await answerOf(client.DELETE('/api/v1/instances/{instanceId}', { params })))
  },
  deleteInstance: async (id: string) =>
    instanceIn(await answerOf(client.DELETE('/api/v1/instances/{instanceId}', ofInstance(id)))),

  operations: ({ state, ...query }: OperationQuery) =>
    answerOf(client.GET('/api/v1/operations', { params: { query: { ...query, ...(state && { state: [state] }) } } })),
  operation: (id: string) => answerOf(client.GET('/api/v1/operations/{operationId}', ofOperation(id))),
  actOnOperation: (id: string, action: OperationAction) =>
    answerOf(client.POST(`/api/v1/operations/{operationId}:${action}`, ofOperation(id))),
  finalizeOperation: (id: string) =>
    answerOf(client.POST('/api/v1/operations/{operationId}:finalize', ofOperation(id))),
}

type ChangeParams = { path: { instanceId: string }; query?: typeof dryRun; header?: { 'Idempotency-Key': string } }

function sendChange(request: ChangeRequest, params: ChangeParams) {
  switch (request.verb) {
    case 'change':
      return answerOf(client.PATCH('/api/v1/instances/{instanceId}', { params, body: request.body }))
    case 'restart':
      return answerOf(client.POST('/api/v1/instances/{instanceId}:restart', { params, body: request.body }))
    case 'exchange-authority':
      return answerOf(client.POST('/api/v1/instances/{instanceId}:exchangeAuthority', { params, body: request.body }))
    case 'adopt':
      return answerOf(client.POST('/api/v1/instances/{instanceId}:adopt', { params, body: request.body }))
    case 'revert':
      return answerOf(client.POST('/api/v1/instances/{instanceId}:revert', { params, body: request.body }))
  }
}

const flag = (desc: boolean) => ({ desc: desc ? ('true' as const) : ('false' as const) })

/** The one path answers a plan or the Instance, as it was asked. */
function planIn<A extends object>(answer: A): Extract<A, { dryRun: true }> {
  if (!('dryRun' in answer)) throw new Error('a plan was asked for')
  return answer as Extract<A, { dryRun: true }>
}

function instanceIn<A extends object>(answer: A): Extract<A, { instanceId: string }> {
  if (!('instanceId' in answer)) throw new Error('an Instance was asked for')
  return answer as Extract<A, { instanceId: string }>
}
