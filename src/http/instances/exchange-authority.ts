import { z } from '@hono/zod-openapi'
import { exchangeGoals, standingAfter } from '../../domain/authority-standing.ts'
import { ChangeOptions, type ChangeInput } from '../../domain/change.ts'
import type { InstanceId } from '../../domain/id.ts'
import { startOperation } from '../../engine/start-operation.ts'
import { changeDefinitions } from '../../operations/change/change-instance.ts'
import { changeOnce } from '../../services/context.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute } from '../route.ts'
import { ChangePlanShape, changePlanView } from '../views/change-plan.ts'
import { instanceView, InstanceShape } from '../views/instance.ts'
import { flag } from '../views/shapes.ts'
import { OptionsBody } from './change-body.ts'
import { planFor } from './plan-for.ts'

const ExchangeBody = z
  .strictObject(
    {
      until: z.enum(exchangeGoals, `Say one of ${exchangeGoals.join(', ')}.`).openapi({
        description:
          'published: the next authority is in ca.pem and trusted by all nodes, and the present one signs on. exchanged: the next one signs, and the former is trusted no more.',
      }),
      operation: OptionsBody.optional(),
    },
    'The body is a JSON object.',
  )
  .openapi('AuthorityExchange')

/** One that was left half-way is gone on with. */
export const exchangeAuthorityRoute = defineRoute({
  method: 'post',
  path: '/instances/{instanceId}:exchangeAuthority',
  summary: 'Exchange an Instance’s own certificate authority, or with dryRun=true answer the plan',
  permission: 'instance:update',
  query: z.strictObject({ dryRun: flag.optional() }),
  body: ExchangeBody,
  answers: { 200: z.union([InstanceShape, ChangePlanShape]) },

  async handle({ world, params, body, query, caller, once }) {
    const instanceId = params.instanceId as InstanceId
    const inputFor = async (db: typeof world.db): Promise<ChangeInput> => {
      const { instance } = await readInstance({ ...world, db }, instanceId)
      const authority = standingAfter(instance.authority, body.until)
      return { wish: { authority }, options: ChangeOptions.parse(body.operation ?? {}) }
    }
    if (query.dryRun) {
      const plan = await planFor({ world, caller }, instanceId, await inputFor(world.db))
      return { status: 200, body: changePlanView(world, plan) }
    }
    const { environmentId, random } = world
    const context = { environment: await world.describeEnvironment(), catalogue: world.catalogue }
    const { isRepeat } = await changeOnce(world.db, once, async (tx) => {
      const input = await inputFor(tx)
      const request = { environmentId, instanceId, input, context, actor: caller.actor, now: world.now(), random }
      await startOperation(tx, changeDefinitions['exchange-authority'], request)
      return instanceId
    })
    const reading = await readInstance(world, instanceId)
    return { status: 200, body: instanceView(world, reading), headers: repeatHeader(isRepeat) }
  },
})
