import { judgeHealth } from '../domain/rolling.ts'
import type { StepDefinition } from '../engine/define-operation.ts'
import { done, giveUp, next, wait, type Outcome } from '../engine/outcome.ts'
import { endpointOf } from '../kafka/endpoint-of.ts'
import { getInstance, updateInstanceHealth } from '../store/instances.ts'
import { listNodes, updateNodeSeen } from '../store/nodes.ts'
import type { Node } from '../domain/node.ts'
import type { NodeSighting } from '../providers/provider.ts'
import { expectedOf, heapOf, nodeSpecFor } from './node-spec.ts'
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

/** Every node of the Instance is made and started; one that runs already is left alone. */
async function ensureNodes(op: Op): Promise<Outcome<BringUpStep>> {
  const instance = await getInstance(op.db, op.instanceId)
  const nodes = await listNodes(op.db, op.instanceId)
  const { machineTypes } = await op.world.provider.describeEnvironment()
  const siblings = { instance, nodes, heapMiB: heapOf(machineTypes) }
  const specs = nodes.map((node) => nodeSpecFor(node, siblings))
  await Promise.all(specs.map((spec) => op.world.provider.ensureNode(spec, op.fence)))
  return next('await-nodes')
}

/** Every broker answers and is seen by another, the quorum has caught up, no partition misses a replica. */
async function awaitHealth(op: Op, mostRestarts: number): Promise<Outcome<BringUpStep>> {
  const nodes = await listNodes(op.db, op.instanceId)
  const sightings = await op.world.provider.inspectNodes(op.instanceId)
  const stopped = nodes.filter((node) => processOf(node, sightings) !== 'running')
  if (stopped.length > 0) return startAgain(op, { nodes, sightings, stopped }, mostRestarts)

  const observation = await op.world.clusters.observe(nodes.map(endpointOf))
  const judgement = judgeHealth(observation, expectedOf(nodes))
  return judgement.healthy ? next('verify') : wait(0.15, sentence(judgement.why))
}

const processOf = (node: Node, sightings: NodeSighting[]) =>
  sightings.find((sighting) => sighting.kafkaId === node.kafkaId)?.process ?? 'stopped'

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`

type Seen = { nodes: Node[]; sightings: NodeSighting[]; stopped: Node[] }

/** A process that ended says why; it is started again after a pause that grows. */
function startAgain(op: Op, seen: Seen, mostRestarts: number): Outcome<BringUpStep> {
  const restarts = Number(op.notes.restarts ?? 0)
  const pauseUntil = Number(op.notes.pauseUntil ?? 0)
  const now = op.now().getTime()
  if (pauseUntil > 0 && now >= pauseUntil) {
    op.remember({ restarts: restarts + 1, pauseUntil: 0 })
    return next('ensure-nodes')
  }
  const ids = seen.stopped.map((node) => node.kafkaId)
  const reason = seen.sightings.find((sighting) => sighting.kafkaId === ids[0])?.reason
  const words = `Node ${ids.join(', ')} of ${seen.nodes.length} has stopped${reason ? `: ${reason}` : '.'}`
  if (restarts >= mostRestarts) {
    // A retry begins to count anew.
    op.remember({ restarts: 0, pauseUntil: 0 })
    return giveUp('Instance.NodeStops', `${words} It was started ${restarts + 1} times.`)
  }
  const until = pauseUntil || now + Math.min(30, 2 ** restarts) * 1000
  op.remember({ pauseUntil: until })
  return wait(Math.max(0.1, (until - now) / 1000), `${words} Starting it again.`)
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
