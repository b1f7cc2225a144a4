import { judgeHealth } from '../domain/rolling.ts'
import type { StepDefinition } from '../engine/define-operation.ts'
import { done, giveUp, next, wait, type Outcome } from '../engine/outcome.ts'
import { endpointOf } from '../kafka/endpoint-of.ts'
import { getInstance, updateInstanceHealth } from '../store/instances.ts'
import { listNodes, updateNodeSeen } from '../store/nodes.ts'
import type { Node } from '../domain/node.ts'
import type { NodeSpec } from '../providers/provider.ts'
import { expectedOf, heapOf, nodeSpecFor } from './node-spec.ts'
import { forgetStarts, startDue, startOf, stoppedWords, waitForStart } from './start-due.ts'
import type { Op, World } from './world.ts'

/** Steps that every operation shares which brings nodes up: get the version, make the nodes, wait, prove. */
type BringUpStep = 'fetch-distribution' | 'ensure-nodes' | 'await-nodes' | 'verify'

/** `mostRestarts`: how often stopped nodes are started again before the Operation gives up; without, for ever. */
export const bringUpSteps = ({ mostRestarts = Infinity } = {}): Record<
  BringUpStep,
  StepDefinition<World, BringUpStep>
> => ({
  'fetch-distribution': { title: 'Get the Kafka version', deadlineSeconds: 180, run: fetchDistribution },
  'ensure-nodes': { title: 'Start the nodes', deadlineSeconds: 20, run: ensureNodes },
  'await-nodes': {
    title: 'Wait for the nodes to form a cluster',
    deadlineSeconds: 60,
    run: (op) => awaitHealth(op, mostRestarts),
  },
  verify: { title: 'Produce and consume a canary record', deadlineSeconds: 30, run: proveWithCanary },
})

/** The version's program is on the machine, or on its way. */
async function fetchDistribution(op: Op): Promise<Outcome<BringUpStep>> {
  const { targetVersion } = await getInstance(op.db, op.instanceId)
  const preparation = await op.world.provider.prepareVersion(targetVersion)
  return preparation.ready ? next('ensure-nodes') : wait(0.2, sentence(preparation.why))
}

/** Every node of the Instance is made and started; one that runs already is left alone, and none waits for another. */
async function ensureNodes(op: Op): Promise<Outcome<BringUpStep>> {
  const { nodes, stopped } = await lookAtProcesses(op)
  const specs = await specsOf(op, nodes)
  const isStopped = ({ kafkaId }: NodeSpec) => stopped.some((node) => node.kafkaId === kafkaId)
  const running = specs.filter((spec) => !isStopped(spec))
  await Promise.all([
    startDue(op, specs.filter(isStopped)),
    ...running.map((spec) => op.world.provider.ensureNode(spec, op.fence)),
  ])
  return next('await-nodes')
}

async function lookAtProcesses(op: Op) {
  const nodes = await listNodes(op.db, op.instanceId)
  const sightings = await op.world.provider.inspectNodes(op.instanceId)
  const isRunning = ({ kafkaId }: Node) => sightings.find((one) => one.kafkaId === kafkaId)?.process === 'running'
  return { nodes, sightings, stopped: nodes.filter((node) => !isRunning(node)) }
}

async function specsOf(op: Op, nodes: Node[]): Promise<NodeSpec[]> {
  const instance = await getInstance(op.db, op.instanceId)
  const siblings = { instance, nodes, heapMiB: heapOf(await op.world.provider.machineTypes()) }
  return nodes.map((node) => nodeSpecFor(node, siblings))
}

/** Every broker answers and is seen by another, the quorum has caught up, no partition misses a replica. */
async function awaitHealth(op: Op, mostRestarts: number): Promise<Outcome<BringUpStep>> {
  const away = await startStopped(op, mostRestarts)
  if (away) return away
  const nodes = await listNodes(op.db, op.instanceId)
  const observation = await op.world.clusters.observe(nodes.map(endpointOf))
  const judgement = judgeHealth(observation, expectedOf(nodes))
  return judgement.healthy ? next('verify') : wait(0.15, sentence(judgement.why))
}

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`

/** A process that ended says why, and is started again. Nothing: all of them run. */
export async function startStopped(op: Op, mostRestarts = Infinity): Promise<Outcome<never> | undefined> {
  const { nodes, sightings, stopped } = await lookAtProcesses(op)
  if (stopped.length === 0) return undefined
  const hopeless = stopped.find(({ kafkaId }) => startOf(op, kafkaId).starts > mostRestarts)
  if (hopeless) {
    const { kafkaId } = hopeless
    const { starts } = startOf(op, kafkaId)
    // A retry begins to count anew.
    forgetStarts(op)
    const words = stoppedWords([kafkaId], sightings.find((one) => one.kafkaId === kafkaId)?.reason)
    return giveUp('Instance.NodeStops', `${words} It was started ${starts} times.`)
  }
  const kafkaIds = stopped.map(({ kafkaId }) => kafkaId)
  const specs = await specsOf(op, nodes)
  await startDue(
    op,
    specs.filter(({ kafkaId }) => kafkaIds.includes(kafkaId)),
  )
  return waitForStart(op, kafkaIds, sightings)
}

/** A record produced with acks=all to every broker and consumed back: then, and only then, the Instance serves. */
async function proveWithCanary(op: Op): Promise<Outcome<BringUpStep>> {
  const nodes = await listNodes(op.db, op.instanceId)
  const proof = await op.world.clusters.canary(nodes.map(endpointOf))
  const sightings = await op.world.provider.inspectNodes(op.instanceId)
  const observedAt = op.now()
  await op.write(async (tx) => {
    for (const node of nodes) {
      const sighting = sightings.find(({ kafkaId }) => kafkaId === node.kafkaId)
      const usage = sighting?.usage ?? null
      const version = sighting?.version ?? node.version
      await updateNodeSeen(tx, node, { version, usage, health: 'running', healthReason: null, observedAt })
    }
    await updateInstanceHealth(tx, op.instanceId, { health: 'healthy', healthReason: null, observedAt })
  })
  op.remember({ canary: proof })
  return done
}
