import { cancelled, next, type Outcome } from '../../engine/outcome.ts'
import { updateInstanceTarget } from '../../store/instances.ts'
import { deleteNode, updateNodeIntents, updateNodeTargets } from '../../store/nodes.ts'
import { sizeOf } from '../../domain/capacity.ts'
import type { InstanceTarget } from '../../domain/instance.ts'
import type { NodeIntent } from '../../domain/node.ts'
import type { Op } from '../world.ts'
import type { ChangeStep } from './onward.ts'
import { cordonedBy, giveMovesUp, unlessUnavailable } from './moves.ts'
import { stayIfFinal } from './finality.ts'
import { endPassage } from './gate.ts'
import { lookAt, type Scene } from './scene.ts'

/**
 * Where cancelling and rolling back lead: what the Instance was becomes what it should be, and the same steps go there. What
 * has moved stays where it is. Nodes that are empty and being taken away are gone for good: then the new size stays, and those
 * that are still to leave go after them. A change that has not begun ends here.
 */
export async function turnBack(op: Op): Promise<Outcome<ChangeStep>> {
  const scene = await lookAt(op)
  const stays = await stayIfFinal(op, scene)
  if (stays) return stays
  if (!op.notes.story) return await standDown(op, scene)
  if (scene.endpoints.length > 0) {
    const moving = await giveMovesUp(op, scene)
    if (moving) return moving
  }
  const { before } = scene.instance
  if (before) {
    const isGone = hasShrunk(scene, before)
    const staying = isSmaller(scene, before) && !isGone ? idsOf(scene, 'leave') : []
    await freeOfCordon(op, scene, staying)
    const target = isGone ? { ...before, spec: scene.instance.spec } : before
    await writeTarget(op, scene, { target, staying })
  }
  endPassage(op, 'left')
  op.remember({
    turnedBack: true,
    isFinal: null,
    moves: null,
    batch: null,
    led: null,
    cordoned: null,
    renewed: null,
    stubborn: null,
  })
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
const hasShrunk = (scene: Scene, before: InstanceTarget): boolean =>
  isSmaller(scene, before) &&
  (scene.nodes.length < scene.instance.nodeCount || scene.nodes.some(({ intent }) => intent === 'stop'))

const isSmaller = ({ instance }: Scene, before: InstanceTarget): boolean => sizeOf(instance.spec) < sizeOf(before.spec)

const idsOf = ({ nodes }: Scene, intent: NodeIntent): number[] =>
  nodes.filter((node) => node.intent === intent).map(({ kafkaId }) => kafkaId)

/** New partitions come onto them again. */
async function freeOfCordon(op: Op, { endpoints }: Scene, kafkaIds: number[]): Promise<void> {
  const cordoned = cordonedBy(op)
  for (const kafkaId of kafkaIds) {
    if (cordoned.includes(kafkaId)) await op.world.clusters.cordon(endpoints, kafkaId, false).catch(unlessUnavailable)
  }
}

type WayBack = { target: InstanceTarget; staying: number[] }

async function writeTarget(op: Op, scene: Scene, { target, staying }: WayBack): Promise<void> {
  const { instance, sightings } = scene
  const hasBegun = (kafkaId: number) => sightings.some((sighting) => sighting.kafkaId === kafkaId)
  const joining = idsOf(scene, 'join')
  await op.write(async (tx) => {
    // `before` stays: it says which settings to take away, and that this is no upgrade any more.
    await updateInstanceTarget(tx, op.instanceId, { ...target, before: instance.before, now: op.now() })
    await updateNodeTargets(tx, op.instanceId, target.version)
    await updateNodeIntents(tx, op.instanceId, { kafkaIds: staying, intent: 'stay' })
    await updateNodeIntents(tx, op.instanceId, { kafkaIds: joining.filter(hasBegun), intent: 'leave' })
    await updateNodeIntents(tx, op.instanceId, { kafkaIds: joining.filter((id) => !hasBegun(id)), intent: 'stop' })
  })
}
