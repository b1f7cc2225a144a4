import { judgeHealth } from '../domain/rolling.ts'
import { giveUp, wait, type Outcome } from '../engine/outcome.ts'
import { getInstance, updateInstanceHealth } from '../store/instances.ts'
import { listNodes, updateNodeSeen } from '../store/nodes.ts'
import type { Node } from '../domain/node.ts'
import type { NodeSighting } from '../providers/provider.ts'
import { endpointOf, expectedOf, heapOf, nodeSpecFor } from './node-spec.ts'
import type { Op } from './world.ts'

/** Steps that every operation shares which brings nodes up: get the version, make the nodes, wait, prove. */

/** The version's program is on the machine, or on its way. */
export async function fetchDistribution<S extends string>(op: Op, then: Outcome<S>): Promise<Outcome<S>> {
  const { targetVersion } = await getInstance(op.db, op.instanceId)
  const preparation = await op.world.provider.prepareVersion(targetVersion)
  return preparation.ready ? then : wait(0.2, sentence(preparation.why))
}

/** Every node of the Instance is made and started; one that runs already is left alone. */
export async function ensureNodes<S extends string>(op: Op, then: Outcome<S>): Promise<Outcome<S>> {
  const instance = await getInstance(op.db, op.instanceId)
  const nodes = await listNodes(op.db, op.instanceId)
  const { machineTypes } = await op.world.provider.describeEnvironment()
  const siblings = { instance, nodes, heapMiB: heapOf(machineTypes) }
  const specs = nodes.map((node) => nodeSpecFor(node, siblings))
  await Promise.all(specs.map((spec) => op.world.provider.ensureNode(spec, op.fence)))
  return then
}

/** `mostRestarts`: how often stopped nodes are started again before the Operation gives up; without, for ever. */
type Then<S extends string> = { healthy: Outcome<S>; stopped: Outcome<S>; mostRestarts?: number }

/** Every broker answers and is seen by another, the quorum has caught up, no partition misses a replica. */
export async function awaitHealth<S extends string>(op: Op, then: Then<S>): Promise<Outcome<S>> {
  const nodes = await listNodes(op.db, op.instanceId)
  const sightings = await op.world.provider.inspectNodes(op.instanceId)
  const stopped = nodes.filter((node) => processOf(node, sightings) !== 'running')
  if (stopped.length > 0) return startAgain(op, { nodes, sightings, stopped }, then)

  const observation = await op.world.clusters.observe(nodes.map(endpointOf))
  const judgement = judgeHealth(observation, expectedOf(nodes))
  return judgement.healthy ? then.healthy : wait(0.15, sentence(judgement.why))
}

const processOf = (node: Node, sightings: NodeSighting[]) =>
  sightings.find((sighting) => sighting.kafkaId === node.kafkaId)?.process ?? 'stopped'

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`

/** A process that ended says why; it is started again after a pause that grows. */
function startAgain<S extends string>(
  op: Op,
  seen: { nodes: Node[]; sightings: NodeSighting[]; stopped: Node[] },
  { stopped: then, mostRestarts = Infinity }: Then<S>,
): Outcome<S> {
  const restarts = Number(op.notes.restarts ?? 0)
  const pauseUntil = Number(op.notes.pauseUntil ?? 0)
  const now = op.now().getTime()
  if (pauseUntil > 0 && now >= pauseUntil) {
    op.remember({ restarts: restarts + 1, pauseUntil: 0 })
    return then
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
export async function proveWithCanary(op: Op): Promise<void> {
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
}
