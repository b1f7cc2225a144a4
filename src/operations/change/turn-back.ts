import { next, wait, cancelled, type Outcome } from '../../engine/outcome.ts'
import { updateInstanceTarget } from '../../store/instances.ts'
import { deleteNode, updateNodeIntents, updateNodeTargets } from '../../store/nodes.ts'
import { sizeOf } from '../../domain/capacity.ts'
import type { InstanceTarget } from '../../domain/instance.ts'
import type { NodeIntent } from '../../domain/node.ts'
import type { Op } from '../world.ts'
import type { ChangeStep } from './onward.ts'
import { lookAt, type Scene } from './scene.ts'

/**
 * Where cancelling and rolling back lead: what the Instance was becomes what it should be, and the same steps go there. What
 * has moved stays where it is. Nodes that are empty and being taken away are gone for good: then the new size stays. A change
 * that has not begun ends here.
 */
export async function turnBack(op: Op): Promise<Outcome<ChangeStep>> {
  const scene = await lookAt(op)
  if (op.notes.isFinal === true) return next('finalize')
  if (!op.notes.story) return await standDown(op, scene)
  if (scene.endpoints.length > 0) {
    const trouble = await endMoves(op, scene)
    if (trouble) return trouble
  }
  const { before } = scene.instance
  if (before) await writeTarget(op, scene, hasShrunk(scene, before) ? { ...before, spec: scene.instance.spec } : before)
  op.remember({ turnedBack: true, rolling: null, gate: null, moves: null, renewed: null, stubborn: null })
  return next('fetch-distribution')
}

/** It has only looked so far: the rows are all there is to undo, whatever the nodes are like. */
async function standDown(op: Op, { instance: { before }, nodes }: Scene): Promise<Outcome<never>> {
  const planned = nodes.filter(({ intent }) => intent === 'join')
  const leaving = nodes.filter(({ intent }) => intent === 'leave').map(({ kafkaId }) => kafkaId)
  await op.write(async (tx) => {
    if (before) {
      await updateInstanceTarget(tx, op.instanceId, { ...before, before: null, now: op.now() })
      await updateNodeTargets(tx, op.instanceId, before.version)
    }
    await updateNodeIntents(tx, op.instanceId, { kafkaIds: leaving, intent: 'stay' })
    for (const { kafkaId } of planned) await deleteNode(tx, op.instanceId, kafkaId)
  })
  op.remember({ turnedBack: true })
  return cancelled
}

/** Nodes are being taken away, or gone: they do not come back. */
const hasShrunk = ({ instance, nodes }: Scene, before: InstanceTarget): boolean =>
  sizeOf(instance.spec) < sizeOf(before.spec) &&
  (nodes.length < instance.nodeCount || nodes.some(({ intent }) => intent === 'stop'))

/** Partitions on their way stay where they were. */
async function endMoves(op: Op, { endpoints }: Scene): Promise<Outcome<never> | undefined> {
  const { clusters } = op.world
  const underWay = await clusters.listReassignments(endpoints)
  if (underWay.length > 0) {
    await clusters.cancelReassignments(endpoints, underWay)
    return wait(0.3, `${underWay.length} partitions that were on their way stay where they were.`)
  }
  await clusters.liftThrottle(endpoints)
  return undefined
}

async function writeTarget(op: Op, { instance, nodes, sightings }: Scene, target: InstanceTarget): Promise<void> {
  const idsOf = (intent: NodeIntent) => nodes.filter((node) => node.intent === intent).map(({ kafkaId }) => kafkaId)
  const hasBegun = (kafkaId: number) => sightings.some((sighting) => sighting.kafkaId === kafkaId)
  const joining = idsOf('join')
  // Where the size is what it shall be, this has been written before: then those that leave are those that had just come.
  const staying = sizeOf(instance.spec) === sizeOf(target.spec) ? [] : idsOf('leave')
  await op.write(async (tx) => {
    // `before` stays: it says which settings to take away, and that this is no upgrade any more.
    await updateInstanceTarget(tx, op.instanceId, { ...target, before: instance.before, now: op.now() })
    await updateNodeTargets(tx, op.instanceId, target.version)
    await updateNodeIntents(tx, op.instanceId, { kafkaIds: staying, intent: 'stay' })
    await updateNodeIntents(tx, op.instanceId, { kafkaIds: joining.filter(hasBegun), intent: 'leave' })
    await updateNodeIntents(tx, op.instanceId, { kafkaIds: joining.filter((id) => !hasBegun(id)), intent: 'stop' })
  })
}
