import { z } from '@hono/zod-openapi'
import { changeKindOf, type ChangeInput } from '../../domain/change.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Tag } from '../../domain/instance.ts'
import { startOperation } from '../../engine/start-operation.ts'
import { changeDefinitions } from '../../operations/change/change-instance.ts'
import { changeOnce } from '../../services/context.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { renameInTransaction } from '../../services/instances/rename-instance.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute, type Answer, type Asked } from '../route.ts'
import { ChangePlanShape, changePlanView } from '../views/change-plan.ts'
import { instanceView, InstanceShape } from '../views/instance.ts'
import { flag } from '../views/shapes.ts'
import { ChangeBody, inputOf, refuseFixed } from './change-body.ts'
import { planFor } from './plan-for.ts'

/** Changes an Instance: answers as soon as the decision is written down. Name and remark change at once. */
export const updateInstanceRoute = defineRoute({
  method: 'patch',
  path: '/instances/{instanceId}',
  summary: 'Change an Instance, or with dryRun=true answer the plan',
  permission: 'instance:update',
  query: z.strictObject({ dryRun: flag.optional() }),
  body: ChangeBody,
  answers: { 200: z.union([InstanceShape, ChangePlanShape]) },

  async handle(asked) {
    const { world, params, body, query } = asked
    const id = params.instanceId as InstanceId
    refuseFixed(body)
    const input = inputOf(body)
    if (query.dryRun) return { status: 200, body: changePlanView(world, await planFor(world, id, input)) }
    const { instance } = await readInstance(world, id)
    if (instance.state === 'Running' && changeKindOf(instance, input.wish)) await planFor(world, id, input)
    return await change(asked, id, input)
  },
})

type Names = { name?: string | undefined; description?: string | undefined; tags?: Tag[] | undefined }

/** All of it in one transaction: what changes at once, and the Operation for the rest. */
async function change(
  { world, body, caller, once }: Asked<unknown, ChangeBody>,
  id: InstanceId,
  input: ChangeInput,
): Promise<Answer> {
  const { environmentId, random } = world
  const { name, description, tags }: Names = body
  const areNamed = [name, description, tags].some((field) => field !== undefined)
  const context = { environment: await world.describeEnvironment(), catalogue: world.catalogue }
  const { isRepeat } = await changeOnce(world.db, once, async (tx) => {
    const { instance } = await readInstance({ ...world, db: tx }, id)
    const kind = changeKindOf(instance, input.wish)
    if (areNamed || Object.keys(body).length === 0) {
      await renameInTransaction(tx, world, { id, names: { name, description, tags }, actor: caller.actor })
    }
    if (kind) {
      const request = { environmentId, instanceId: id, input, context, actor: caller.actor, now: world.now(), random }
      await startOperation(tx, changeDefinitions[kind], request)
    }
    return id
  })
  return { status: 200, body: instanceView(world, await readInstance(world, id)), headers: repeatHeader(isRepeat) }
}
