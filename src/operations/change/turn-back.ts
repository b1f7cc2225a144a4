import { next, wait, type Outcome } from '../../engine/outcome.ts'
import { updateInstanceTarget } from '../../store/instances.ts'
import { updateNodeIntents, updateNodeTargets } from '../../store/nodes.ts'
import { sizeOf } from '../../domain/capacity.ts'
import type { InstanceTarget } from '../../domain/instance.ts'
import type { NodeIntent } from '../../domain/node.ts'
import type { Op } from '../world.ts'
import type { ChangeStep } from './onward.ts'
import { stayIfFinal } from './finality.ts'
import { endPassage } from './gate.ts'
import { lookAt, type Scene } from './scene.ts'

/**
 * Where cancelling and rolling back lead: what the Instance was becomes what it should be, and the same steps go there. What
 * has moved stays where it is. Nodes that are empty and being taken away are gone for good: then the new size stays.
 */
export async function turnBack(op: Op): Promise<Outcome<ChangeStep>> {
  const scene = await lookAt(op)
  const stays = await stayIfFinal(op, scene)
  if (stays) return stays
  if (scene.endpoints.length > 0) {
    const trouble = await endMoves(op, scene)
    if (trouble) return trouble
  }
  const { before } = scene.instance
  if (before) await writeTarget(op, scene, hasShrunk(scene, before) ? { ...before, spec: scene.instance.spec } : before)
  endPassage(op, 'left')
  op.remember({ turnedBack: true, isFinal: null, moves: null, renewed: null, stubborn: null })
  return next('fetch-distribution')
}

/** Nodes are being taken away, or gone: they do not come back. */
const hasShrunk = ({ instance, nodes }: Scene, before: InstanceTarget): boolean =>
  sizeOf(instance.spec) < sizeOf(before.spec) &&
  (nodes.length < instance.nodeCount || nodes.some(({ intent }) => intent === 'stop'))

/** Partitions on their way stay where they were. */
async function endMoves(op: Op, { endpoints, members }: Scene): Promise<Outcome<never> | undefined> {
  const { clusters } = op.world
  const underWay = await clusters.listReassignments(endpoints)
  if (underWay.length > 0) {
    await clusters.cancelReassignments(endpoints, underWay)
    return wait(0.3, `${underWay.length} partitions that were on their way stay where they were.`)
  }
  await clusters.liftThrottle(endpoints)
  for (const { kafkaId, intent } of members) {
    if (intent === 'leave') await clusters.cordon(endpoints, kafkaId, false)
  }
  return undefined
}

async function writeTarget(op: Op, { instance, nodes, sightings }: Scene, target: InstanceTarget): Promise<void> {
  const idsOf = (intent: NodeIntent) => nodes.filter((node) => node.intent === intent).map(({ kafkaId }) => kafkaId)
  const hasBegun = (kafkaId: number) => sightings.some((sighting) => sighting.kafkaId === kafkaId)
  const joining = idsOf('join')
  await op.write(async (tx) => {
    // `before` stays: it says which settings to take away, and that this is no upgrade any more.
    await updateInstanceTarget(tx, op.instanceId, { ...target, before: instance.before, now: op.now() })
    await updateNodeTargets(tx, op.instanceId, target.version)
    await updateNodeIntents(tx, op.instanceId, { kafkaIds: idsOf('leave'), intent: 'stay' })
    await updateNodeIntents(tx, op.instanceId, { kafkaIds: joining.filter(hasBegun), intent: 'leave' })
    await updateNodeIntents(tx, op.instanceId, { kafkaIds: joining.filter((id) => !hasBegun(id)), intent: 'stop' })
  })
}
