import { AppError } from '../../domain/errors.ts'
import { findVersion } from '../../domain/version.ts'
import { cancelled, done, next, pause, takenBack, wait, type Outcome } from '../../engine/outcome.ts'
import { forgetInstanceBefore, updateInstanceHealth, updateInstanceReached } from '../../store/instances.ts'
import { listNodes, updateNodeIntents } from '../../store/nodes.ts'
import type { Op } from '../world.ts'
import { finalityOf, isFinalNow, rememberFinality } from './finality.ts'
import { waitAtGate, leaveGate } from './gate.ts'
import { isUpgrade, type ChangeStep } from './onward.ts'
import { prove, whyNotServing } from './prove.ts'
import { healthOf, inputOf, isTurnedBack, lookAt, reviveStopped, type Scene } from './scene.ts'
import { beginWatching, watchOn, type WatchedTime } from './watched-time.ts'
import { writeMembersSeen } from './write-seen.ts'

type Outcomes = Promise<Outcome<ChangeStep>>

/** The Instance is whole and serves: a record was produced with acks=all to every broker and consumed. */
export async function verify(op: Op): Outcomes {
  const scene = await lookAt(op)
  const why = (await whyNotWhole(op, scene)) ?? (await prove(op, scene, scene.members)).why
  if (why !== null) return await awaitService(op, scene, why)
  leaveGate(op)
  await writeReached(op, scene)
  if (!isUpgrade(op, scene)) return await end(op)
  op.remember({ soak: beginWatching(op.now()) })
  return next('soak')
}

/** On the way back all is as it was by then: what ails it even so is for healing, and no reason to hold the Instance. */
async function awaitService(op: Op, { instance, members }: Scene, why: string): Outcomes {
  const outcome = waitAtGate(op, 'verify', why)
  if (outcome.kind !== 'give-up') return outcome
  const reached = { version: instance.targetVersion, nodeCount: members.length }
  await op.write((tx) => updateInstanceReached(tx, op.instanceId, reached))
  return await end(op)
}

async function writeReached(op: Op, scene: Scene): Promise<void> {
  const { instance, members } = scene
  const observedAt = op.now()
  await op.write(async (tx) => {
    await writeMembersSeen(tx, scene, observedAt)
    await updateInstanceReached(tx, op.instanceId, { version: instance.targetVersion, nodeCount: members.length })
    await updateInstanceHealth(tx, op.instanceId, { health: 'healthy', healthReason: null, observedAt })
  })
}

/** Null: it is. Stopped nodes are started. */
async function whyNotWhole(op: Op, scene: Scene): Promise<string | null> {
  const stopped = await reviveStopped(op, scene)
  if (stopped?.kind === 'wait') return stopped.why
  const health = await healthOf(op, scene)
  return health.healthy ? null : health.why
}

/** Why the new version is not well; null: it is. */
const whyNotWell = async (op: Op, scene: Scene): Promise<string | null> =>
  (await whyNotWhole(op, scene)) ?? (await whyNotServing(op, scene, scene.members))

/** Watches the new version at work, as long as was asked for, before it becomes final. A fault begins the time anew. */
export async function soak(op: Op): Outcomes {
  const scene = await lookAt(op)
  const { finalize, soakSeconds } = inputOf(op).options
  const why = await whyNotWell(op, scene)
  if (why !== null) {
    op.remember({ soak: beginWatching(op.now()) })
    return waitAtGate(op, 'soak', why)
  }
  leaveGate(op)
  const watched = watchOn(op.notes.soak as WatchedTime, op.now())
  op.remember({ soak: watched })
  const secondsLeft = soakSeconds - watched.watchedMs / 1000
  if (secondsLeft > 0) {
    return wait(
      Math.min(2, secondsLeft),
      'The new version runs on every node and is watched. Until it becomes final, it can be rolled back.',
    )
  }
  rememberFinality(op, false)
  if (finalize === 'automatic') return next('finalize')
  return pause(
    'finalize',
    'The new version runs on every node. Finalise it when you are sure: after that there is no way back.',
  )
}

/** Raises the metadata version and the other features to the new version's. There is no way back from here. */
export async function finalizeVersion(op: Op): Outcomes {
  const scene = await lookAt(op)
  if (finalityOf(op.notes) === false) {
    if ((await whyNotWell(op, scene)) !== null) {
      op.remember({ soak: beginWatching(op.now()) })
      return next('soak')
    }
    // Stored before Kafka is told, for whoever takes over after a crash.
    rememberFinality(op, 'unknown')
    return wait(0, 'Kafka is being told that the new version is final.')
  }
  const stopped = await reviveStopped(op, scene)
  if (stopped) return stopped
  await raiseFeatures(op, scene)
  return await end(op)
}

async function raiseFeatures(op: Op, scene: Scene): Promise<void> {
  const { clusters, catalogue } = op.world
  const levels =
    findVersion(catalogue, scene.instance.targetVersion)?.features ??
    (await clusters.features(scene.endpoints)).supported
  try {
    await clusters.finalizeFeatures(scene.endpoints, levels)
    rememberFinality(op, true)
  } catch (thrown) {
    const isRefusal = thrown instanceof AppError && thrown.kind === 'invalid'
    rememberFinality(op, (await isFinalNow(op, scene)) ?? (isRefusal ? false : 'unknown'))
    throw thrown
  }
}

/** A cancel, or a roll back, ends where the Instance came from. */
async function end(op: Op): Promise<Outcome<never>> {
  await op.write(async (tx) => {
    // Until here a way back would have taken the nodes that joined away again.
    const kafkaIds = (await listNodes(tx, op.instanceId)).filter(({ intent }) => intent === 'join').map(kafkaIdOf)
    await updateNodeIntents(tx, op.instanceId, { kafkaIds, intent: 'stay' })
    await forgetInstanceBefore(tx, op.instanceId)
  })
  if (!isTurnedBack(op)) return done
  const because = op.notes.turnedBackBecause as string | undefined
  return because === undefined ? cancelled : takenBack(because)
}

const kafkaIdOf = ({ kafkaId }: { kafkaId: number }) => kafkaId
