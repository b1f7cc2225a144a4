import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { createServiceAccount } from '../../services/service-accounts/create-service-account.ts'
import { readServiceAccount } from '../../services/service-accounts/read-service-accounts.ts'
import { repeatHeader } from '../idempotency.ts'
import { RoleShape } from '../members/shapes.ts'
import { apiRoot, defineRoute } from '../route.ts'
import { expiry, instanceIds, KeyPairShape, keyPairView } from './shapes.ts'

const NewServiceAccount = z
  .strictObject(
    {
      name: z.string('The name is a text.'),
      role: RoleShape,
      instanceIds: instanceIds.default(null),
      expiresAt: expiry.default(null),
    },
    'The body is a JSON object.',
  )
  .openapi('NewServiceAccount')

export const createServiceAccountRoute = defineRoute({
  method: 'post',
  path: '/service-accounts',
  summary: 'Create a service account; the answer has its key pair',
  permission: 'service-account:manage',
  body: NewServiceAccount,
  answers: { 201: KeyPairShape },

  async handle({ world, body, caller, once }) {
    const terms = { ...body, instanceIds: body.instanceIds as InstanceId[] | null }
    const { id, pair, isRepeat } = await createServiceAccount(world, { ...terms, actor: caller.actor, once })
    return {
      status: 201,
      body: keyPairView(await readServiceAccount(world, id), pair),
      headers: {
        Location: `${apiRoot}/service-accounts/${id}`,
        'Cache-Control': 'no-store',
        ...repeatHeader(isRepeat),
      },
    }
  },
})
