import { z } from '@hono/zod-openapi'
import { actionOf, changeKindOf, changeProblems, type ChangeKind } from '../../domain/change.ts'
import { AppError } from '../../domain/errors.ts'
import { refuseFixed } from '../../domain/fixed-fields.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { InstanceAction } from '../../domain/instance.ts'
import { labelProblems, refuseProblems } from '../../domain/instance-rules.ts'
import { startOperation } from '../../engine/start-operation.ts'
import { changeDefinitions } from '../../operations/change/change-instance.ts'
import { changeOnce } from '../../services/context.ts'
import { changeAtOnce } from '../../services/instances/change-at-once.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { readNodes } from '../../services/instances/read-nodes.ts'
import { sealExporter, setExporter } from '../../services/metrics/set-exporter.ts'
import { sealOwnChange } from '../../services/security/seal-own-key.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute, type Answer, type Asked } from '../route.ts'
import { ChangePlanShape, changePlanView } from '../views/change-plan.ts'
import { instanceView, InstanceShape } from '../views/instance.ts'
import { flag } from '../views/shapes.ts'
import { within } from '../within.ts'
import { askedOf, ChangeBody, type ChangeAsked } from './change-body.ts'
import { planFor } from './plan-for.ts'
import { refuseUnsupported } from './unsupported.ts'

/** Changes an Instance: answers as soon as the decision is written down. Name, remark, tags and where metrics go change at once. */
export const updateInstanceRoute = defineRoute({
  method: 'patch',
  path: '/instances/{instanceId}',
  summary: 'Change an Instance, or with dryRun=true answer the plan',
  permission: 'instance:update',
  mayRepeat: () => true,
  query: z.strictObject({ dryRun: flag.optional() }),
  body: ChangeBody,
  answers: { 200: z.union([InstanceShape, ChangePlanShape]) },

  async handle(asked) {
    const { world, caller, params, body, query } = asked
    const id = params.instanceId as InstanceId
    const { instance } = await readInstance(world, id)
    const { machineTypes } = await world.describeEnvironment()
    refuseUnsupported(body, { machineTypes, pricingMode: instance.spec.pricingMode })
    const change = askedOf(body, sealOwnChange(body.features?.security ?? {}, world))
    refuseNothing(change)
    const plan = () => within(longestPlanMs, 'Asking the cluster', planFor({ world, caller }, id, change.input))
    if (query.dryRun) {
      refuseProblems(labelProblems(change.labels))
      refuseFixed(instance, change.restated)
      if (change.exporter) sealExporter(change.exporter, world.secrets, instance.features.metricsExporter)
      return { status: 200, body: changePlanView(world, await plan()) }
    }
    const kind = changeKindOf(instance, change.input.wish)
    if (instance.state === 'Running' && kind) await plan()
    return await makeChange(asked, id, { ...change, action: actionFor(change, kind) })
  },
})

const longestPlanMs = 15_000

/** What the whole request needs: of what is more than a label also when it is so already. */
const actionFor = (change: ChangeAsked, kind: ChangeKind | null): InstanceAction =>
  kind ? actionOf(kind) : isMoreThanLabels(change) ? 'change' : 'rename'

const isMoreThanLabels = ({ restated, input }: ChangeAsked): boolean =>
  [restated.spec, restated.features, input.wish].some((part) => Object.keys(part).length > 0)

function refuseNothing(change: ChangeAsked): void {
  const { labels, exporter } = change
  if (isMoreThanLabels(change) || [...Object.values(labels), exporter].some((part) => part !== undefined)) return
  const message = 'Name at least one field to change, such as name or version.'
  throw new AppError('invalid', 'Request.NothingToChange', message)
}

/** All of it in one transaction: what changes at once, and the Operation for the rest. */
async function makeChange(
  { world, caller, once }: Asked<unknown, ChangeBody>,
  id: InstanceId,
  change: ChangeAsked & { action: InstanceAction },
): Promise<Answer> {
  const { environmentId, random } = world
  const { action, labels, restated, exporter, input } = change
  const { actor } = caller
  const context = { environment: await world.describeEnvironment(), catalogue: world.catalogue }
  const { isRepeat } = await changeOnce(world.db, once, async (tx) => {
    const instance = await changeAtOnce(tx, world, { id, action, labels, restated, actor })
    if (exporter !== undefined) await setExporter(tx, world, { instance, wish: exporter, actor })
    // Also of a wish that comes to nothing: what is wrong is not ignored.
    const nodes = await readNodes({ ...world, db: tx }, id)
    refuseProblems(changeProblems(input, { instance, nodes, catalogue: world.catalogue }))
    const kind = changeKindOf(instance, input.wish)
    if (kind) {
      const request = { environmentId, instanceId: id, input, context, actor, now: world.now(), random }
      await startOperation(tx, changeDefinitions[kind], request)
    }
    return id
  })
  return { status: 200, body: instanceView(world, await readInstance(world, id)), headers: repeatHeader(isRepeat) }
}
