import { z } from '@hono/zod-openapi'
import type { InstanceId, ServiceAccountId } from '../../domain/id.ts'
import { longestOverlapSeconds } from '../../domain/service-account.ts'
import { changeServiceAccount } from '../../services/service-accounts/change-service-account.ts'
import { readServiceAccount } from '../../services/service-accounts/read-service-accounts.ts'
import { removeServiceAccount } from '../../services/service-accounts/remove-service-account.ts'
import { rotateKey } from '../../services/service-accounts/rotate-key.ts'
import { repeatHeader } from '../idempotency.ts'
import { RoleShape } from '../members/shapes.ts'
import { defineRoute, type AnyRoute } from '../route.ts'
import { expiry, instanceIds, KeyPairShape, keyPairView, serviceAccountView, ServiceAccountShape } from './shapes.ts'

/** What administrators do with one service account. */
const path = '/service-accounts/{serviceAccountId}'
const permission = 'service-account:manage'

const ChangedServiceAccount = z
  .strictObject(
    {
      role: RoleShape.optional(),
      instanceIds: instanceIds.optional(),
      expiresAt: expiry.optional(),
      isDisabled: z.boolean('isDisabled is true or false.').optional(),
    },
    'The body is a JSON object.',
  )
  .openapi('ChangedServiceAccount')

const overlap = `An overlap has 0 to ${longestOverlapSeconds} seconds.`

const Rotation = z
  .strictObject(
    {
      overlapSeconds: z.int(overlap).min(0, overlap).max(longestOverlapSeconds, overlap).openapi({
        description: 'For how long the key pair before goes on beside the new one',
      }),
    },
    'The body is a JSON object.',
  )
  .openapi('KeyRotation')

const get = defineRoute({
  method: 'get',
  path,
  summary: 'Get a service account',
  permission,
  answers: { 200: ServiceAccountShape },
  handle: async ({ world, params }) => ({
    status: 200,
    body: serviceAccountView(await readServiceAccount(world, params.serviceAccountId as ServiceAccountId)),
  }),
})

const change = defineRoute({
  method: 'patch',
  path,
  summary: 'Change what a service account may do, until when; disable or enable it',
  permission,
  body: ChangedServiceAccount,
  answers: { 200: ServiceAccountShape },
  async handle({ world, params, body, caller, once }) {
    const id = params.serviceAccountId as ServiceAccountId
    const terms = { ...body, instanceIds: body.instanceIds as InstanceId[] | null | undefined }
    const { isRepeat } = await changeServiceAccount(world, { id, actor: caller.actor, once, change: terms })
    const reading = await readServiceAccount(world, id)
    return { status: 200, body: serviceAccountView(reading), headers: repeatHeader(isRepeat) }
  },
})

const rotate = defineRoute({
  method: 'post',
  path: `${path}:rotate`,
  summary: 'Give a service account a new key pair; the one before goes on for the overlap',
  permission,
  body: Rotation,
  answers: { 200: KeyPairShape },
  async handle({ world, params, body, caller, once }) {
    const id = params.serviceAccountId as ServiceAccountId
    const { pair, isRepeat } = await rotateKey(world, { id, actor: caller.actor, once, ...body })
    const answer = keyPairView(await readServiceAccount(world, id), pair)
    return { status: 200, body: answer, headers: { 'Cache-Control': 'no-store', ...repeatHeader(isRepeat) } }
  },
})

const remove = defineRoute({
  method: 'delete',
  path,
  summary: 'Delete a service account with its key pairs; what it did stays in the audit',
  permission,
  answers: { 204: null },
  async handle({ world, params, caller }) {
    await removeServiceAccount(world, { id: params.serviceAccountId as ServiceAccountId, actor: caller.actor })
    return { status: 204 }
  },
})

export const serviceAccountRoutes: readonly AnyRoute[] = [get, change, rotate, remove]
