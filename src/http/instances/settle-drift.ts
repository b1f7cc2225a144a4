import { z } from '@hono/zod-openapi'
import { changeKindOf, ChangeOptions, type ChangeInput } from '../../domain/change.ts'
import { chosenItems, revertedBy, wishFor, type DriftWay } from '../../domain/drift.ts'
import type { InstanceId } from '../../domain/id.ts'
import { startOperation } from '../../engine/start-operation.ts'
import { changeDefinitions } from '../../operations/change/change-instance.ts'
import type { ChangePlan } from '../../operations/change/plan.ts'
import { changeOnce } from '../../services/context.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute } from '../route.ts'
import { ChangePlanShape, changePlanView } from '../views/change-plan.ts'
import { instanceView, InstanceShape } from '../views/instance.ts'
import { flag } from '../views/shapes.ts'
import { OptionsBody } from './change-body.ts'
import { driftNow } from './drift.ts'
import { planFor, type Planner } from './plan-for.ts'

const SettleBody = z
  .strictObject(
    {
      items: z
        .array(z.string('An item is named by its id.'))
        .min(1, 'Name an item, or leave the field out for all.')
        .optional()
        .openapi({ description: 'Ids of drift items; without: all with which it can be done.' }),
      operation: OptionsBody.optional(),
    },
    'The body is a JSON object.',
  )
  .openapi('DriftSettlement')
type SettleBody = z.output<typeof SettleBody>

const summaries: Record<DriftWay, string> = {
  adopt: 'Make what was found the wish of the Instance, or with dryRun=true answer the plan',
  revert: 'Make what was found what the Instance says, or with dryRun=true answer the plan',
}

const settleRoute = (way: DriftWay) =>
  defineRoute({
    method: 'post',
    path: `/instances/{instanceId}:${way}`,
    summary: summaries[way],
    permission: 'instance:update',
    query: z.strictObject({ dryRun: flag.optional() }),
    body: SettleBody,
    answers: { 200: z.union([InstanceShape, ChangePlanShape]) },

    async handle({ world, params, body, query, caller, once }) {
      const instanceId = params.instanceId as InstanceId
      if (query.dryRun) {
        const { plan } = await settlementOf({ world, caller }, { instanceId, way, body })
        return { status: 200, body: changePlanView(world, plan) }
      }
      // A repeat is answered as the first was, though nothing is left to settle.
      const [found] = await Promise.allSettled([settlementOf({ world, caller }, { instanceId, way, body })])
      const { environmentId, random } = world
      const context = { environment: await world.describeEnvironment(), catalogue: world.catalogue }
      const { isRepeat } = await changeOnce(world.db, once, async (tx) => {
        if (found.status === 'rejected') throw found.reason
        const { input } = found.value
        const kind = changeKindOf((await readInstance({ ...world, db: tx }, instanceId)).instance, input.wish)
        const request = { environmentId, instanceId, input, context, actor: caller.actor, now: world.now(), random }
        if (kind) await startOperation(tx, changeDefinitions[kind], request)
        return instanceId
      })
      const reading = await readInstance(world, instanceId)
      return { status: 200, body: instanceView(world, reading), headers: repeatHeader(isRepeat) }
    },
  })

type Settling = { instanceId: InstanceId; way: DriftWay; body: SettleBody }

/** Throws as the change itself would, before anything is touched. */
async function settlementOf(
  { world, caller }: Planner,
  { instanceId, way, body }: Settling,
): Promise<{ input: ChangeInput; plan: ChangePlan }> {
  const { instance } = await readInstance(world, instanceId)
  const { items } = await driftNow(world, instanceId)
  const chosen = chosenItems(items, way, body.items)
  const input = { wish: wishFor(way, chosen, instance), options: ChangeOptions.parse(body.operation ?? {}) }
  const plan = await planFor({ world, caller }, instanceId, input)
  return { input, plan: way === 'adopt' ? plan : { ...plan, changes: revertedBy(chosen) } }
}

export const settleDriftRoutes = [settleRoute('adopt'), settleRoute('revert')]
