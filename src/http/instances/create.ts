import { z } from '@hono/zod-openapi'
import { throughputOf } from '../../domain/aku.ts'
import { sizingFor, type Offer } from '../../domain/instance-rules.ts'
import type { InstanceId } from '../../domain/id.ts'
import { startOperation } from '../../engine/start-operation.ts'
import { createInstance, planNodes, type CreateInstanceInput } from '../../operations/create-instance.ts'
import { changeOnce } from '../../services/context.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { sealExporter } from '../../services/metrics/set-exporter.ts'
import { sealOwnCertificates } from '../../services/security/seal-own-key.ts'
import { expectedSeconds } from '../../services/operations/expected-seconds.ts'
import { repeatHeader } from '../idempotency.ts'
import { apiRoot, defineRoute, type Answer, type Asked } from '../route.ts'
import { instanceView, InstanceShape } from '../views/instance.ts'
import { PlannedNodeShape, plannedNodeView } from '../views/node.ts'
import { plannedSteps } from '../views/operation.ts'
import { flag, NamedStep } from '../views/shapes.ts'
import type { HttpWorld } from '../world.ts'
import { createWarnings } from './create-warnings.ts'
import { exporterWishOf } from './metrics-fields.ts'
import { inputOf, NewInstance, type NewInstanceBody } from './new-instance.ts'
import { refuseUnsupported } from './unsupported.ts'

const CreatePlan = z
  .object({
    dryRun: z.literal(true),
    action: z.literal('create'),
    nodes: z.array(PlannedNodeShape),
    nodeCount: z.number().int(),
    machineType: z.string(),
    memoryMiB: z.number(),
    throughput: z.object({ writeMibPerSecond: z.number(), readMibPerSecond: z.number() }),
    version: z.string(),
    steps: z.array(NamedStep),
    expectedSeconds: z.number().nullable(),
    warnings: z.array(z.string()),
  })
  .openapi('CreatePlan')

/** Creates an Instance: answers as soon as the decision is written down, with the Instance in Creating. */
export const createInstanceRoute = defineRoute({
  method: 'post',
  path: '/instances',
  summary: 'Create an Instance, or with dryRun=true answer the plan',
  permission: 'instance:create',
  mayRepeat: () => true,
  query: z.strictObject({ dryRun: flag.optional() }),
  body: NewInstance,
  answers: { 201: InstanceShape, 200: CreatePlan },

  async handle(asked) {
    const { world, body, query } = asked
    const environment = await world.describeEnvironment()
    refuseUnsupported(body, environment)
    const offer = { environment, catalogue: world.catalogue }
    const wish = exporterWishOf(body.features?.metricsExporter)
    const input = inputOf(body, {
      own: sealOwnCertificates(body.features?.security ?? {}, world),
      exporter: wish ? sealExporter(wish, world.secrets, undefined) : undefined,
    })
    return query.dryRun ? { status: 200, body: await planFor(world, input, offer) } : await create(asked, input, offer)
  },
})

async function create(
  { world, caller, once }: Asked<unknown, NewInstanceBody>,
  input: CreateInstanceInput,
  context: Offer,
): Promise<Answer> {
  const { environmentId, random } = world
  const request = { environmentId, input, context, actor: caller.actor, now: world.now(), random }
  const { resultId, isRepeat } = await changeOnce(world.db, once, async (tx) => {
    return (await startOperation(tx, createInstance, request)).instanceId
  })
  const reading = await readInstance(world, resultId as InstanceId)
  const headers = { Location: `${apiRoot}/instances/${resultId}`, ...repeatHeader(isRepeat) }
  return { status: 201, body: instanceView(world, reading), headers }
}

async function planFor(
  world: HttpWorld,
  input: CreateInstanceInput,
  offer: Offer,
): Promise<z.input<typeof CreatePlan>> {
  const nodes = await planNodes(world.db, { environmentId: world.environmentId, input, offer })
  const sizing = sizingFor(input.spec, offer.environment)
  return {
    dryRun: true,
    action: 'create',
    nodes: nodes.map(plannedNodeView),
    nodeCount: nodes.length,
    machineType: sizing.machineType.id,
    memoryMiB: sizing.memoryMiB,
    throughput: throughputOf(sizing.aku),
    version: input.version,
    steps: plannedSteps(world.registry.find(createInstance.kind)),
    expectedSeconds: await expectedSeconds(world, createInstance.kind),
    warnings: await createWarnings(world, input),
  }
}
