import { judgeHealth } from '../../domain/rolling.ts'
import type { Node } from '../../domain/node.ts'
import { next, wait, type Outcome } from '../../engine/outcome.ts'
import { deleteNode, updateNodeIntents } from '../../store/nodes.ts'
import { expectedOf } from '../node-spec.ts'
import type { Op } from '../world.ts'
import { waitAtGate, leaveGate } from './gate.ts'
import { progressOf } from './move-progress.ts'
import { coldFor } from './move-throttle.ts'
import { planNow } from './moves.ts'
import { onward, type ChangeStep } from './onward.ts'
import { lookAt, reviveStopped, isRunning, specOf, type Scene } from './scene.ts'

/** Nodes come and go. One that carries a replica is never stopped for good, one that lives is never unregistered. */
type Outcomes = Promise<Outcome<ChangeStep>>

/** No replica of any topic, internal ones too, is on a node that leaves. From here on there is no way back. */
export async function proveEmpty(op: Op): Outcomes {
  const scene = await lookAt(op)
  const leaving = scene.members.filter(({ intent }) => intent === 'leave')
  const held = await replicasOn(op, scene, leaving)
  if (held.length > 0) return next('move-replicas')
  const kafkaIds = leaving.map(({ kafkaId }) => kafkaId)
  await op.write((tx) => updateNodeIntents(tx, op.instanceId, { kafkaIds, intent: 'stop' }))
  return onward(op, await lookAt(op), 'move-replicas')
}

const replicasOn = async (op: Op, { endpoints }: Scene, nodes: Node[]) => {
  const kafkaIds = nodes.map(({ kafkaId }) => kafkaId)
  return (await op.world.clusters.replicas(endpoints)).filter((replica) => kafkaIds.includes(replica.kafkaId))
}

/** Stops each empty node, makes Kafka forget it, and takes away all it had. */
export async function removeNodes(op: Op): Outcomes {
  const scene = await lookAt(op)
  const going = scene.nodes.filter(({ intent }) => intent === 'stop')
  const left: string[] = []
  for (const node of going) {
    const outcome = await removeOne(op, scene, node)
    if (typeof outcome === 'object') return outcome
    if (outcome) left.push(outcome)
  }
  return left.length > 0 ? wait(0.3, `${left.join('. ')}.`) : onward(op, await lookAt(op), 'remove-nodes')
}

/** What is still to wait for; empty when the node is gone. Or a way back to moving, when something came onto it meanwhile. */
async function removeOne(op: Op, scene: Scene, node: Node): Promise<string | Outcome<ChangeStep>> {
  const { kafkaId } = node
  const { provider, clusters } = op.world
  if (isRunning(scene, node)) {
    await provider.stopNode(op.instanceId, kafkaId, op.fence)
    return `Node ${kafkaId} stops`
  }
  if ((await replicasOn(op, scene, [node])).length > 0) return await takeBack(op, scene, node)
  await clusters.unregisterBroker(scene.endpoints, kafkaId)
  const leftovers = await provider.removeNode(op.instanceId, kafkaId, op.fence)
  if (leftovers.length > 0) return `Still there: ${leftovers.join('; ')}`
  await op.write((tx) => deleteNode(tx, op.instanceId, kafkaId))
  return ''
}

/** A topic was made on it between the proof and the stop: it comes back and is emptied again. */
async function takeBack(op: Op, scene: Scene, node: Node): Outcomes {
  await op.world.provider.ensureNode(specOf(scene, node), op.fence)
  await op.write((tx) => updateNodeIntents(tx, op.instanceId, { kafkaIds: [node.kafkaId], intent: 'leave' }))
  return next('move-replicas')
}

export async function addNodes(op: Op): Outcomes {
  const scene = await lookAt(op)
  const joining = scene.nodes.filter(({ intent }) => intent === 'join')
  op.remember({ joiningSinceMs: op.notes.joiningSinceMs ?? op.now().getTime() })
  await Promise.all(joining.map((node) => op.world.provider.ensureNode(specOf(scene, node), op.fence)))
  return next('await-added')
}

/** In the cluster, and serving: the canary's own partitions are led from them too before data is shared out. */
export async function awaitAdded(op: Op): Outcomes {
  const scene = await lookAt(op)
  const stopped = await reviveStopped(op, scene)
  if (stopped?.kind === 'wait') return waitAtGate(op, 'await-added', stopped.why)
  const observation = await op.world.clusters.observe(scene.endpoints)
  const health = judgeHealth(observation, expectedOf(scene.members))
  if (!health.healthy) return waitAtGate(op, 'await-added', health.why)
  // Kept for the plans to come.
  op.remember({ joinedMs: op.notes.joinedMs ?? op.now().getTime() - Number(op.notes.joiningSinceMs) })
  if (!progressOf(op.notes)) await planNow(op, scene, observation)
  const seconds = Math.ceil(coldFor(op, scene) / 1000)
  if (seconds > 0)
    return wait(1, `The new nodes are in the cluster and warm up for ${seconds} s more before data moves.`)
  await forgetPredecessors(op, scene)
  await op.world.clusters.canary(scene.endpoints)
  leaveGate(op)
  return next('spread-replicas')
}

/** Kafka keeps what a broker that left was told, its cordon above all, and holds it against the next of the same id. */
async function forgetPredecessors(op: Op, { members, endpoints }: Scene): Promise<void> {
  const { clusters } = op.world
  for (const { kafkaId } of members.filter(({ intent }) => intent === 'join')) {
    const settings = await clusters.describeSettings(endpoints, kafkaId)
    const remove = settings.filter(({ source }) => source === 'dynamic-broker').map(({ key }) => key)
    await clusters.alterSettings(endpoints, { set: {}, remove }, { kafkaId })
  }
}
