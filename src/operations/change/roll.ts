import { mayStop } from '../../domain/may-stop.ts'
import { nextRoll, type RollNode } from '../../domain/next-roll.ts'
import { nextBriskly } from '../../domain/preferred-leader.ts'
import { next, pause, wait, type Outcome } from '../../engine/outcome.ts'
import { electLeaders } from '../elect-leaders.ts'
import { isController } from '../node-spec.ts'
import type { Op } from '../world.ts'
import {
  backToGate,
  countCanary,
  endPassage,
  leaveGate,
  noteProven,
  passagesOf,
  rollingOf,
  waitAtGate,
  wayBackOf,
  type Rolling,
} from './gate.ts'
import { onward, type ChangeStep } from './onward.ts'
import { namedAtRisk } from './prepare.ts'
import { prove, whyNotBegin } from './prove.ts'
import {
  evidenceOf,
  forgetRevivals,
  inputOf,
  isHeld,
  isLost,
  isRunning,
  isTurnedBack,
  lookAt,
  reasonsToRestart,
  reviveStopped,
  specOf,
  type Scene,
} from './scene.ts'
import { wholenessOf } from './wholeness.ts'
import { writeMembersSeen } from './write-seen.ts'

/**
 * The steps that every rolling change shares: pick a node, restart it, wait until the Instance is whole again, and so on until
 * every node runs what it should. Where a roll stands is read from the nodes, never from what was remembered: found half-way
 * it goes on.
 */
type Outcomes = Promise<Outcome<ChangeStep>>

/** Chooses the node that may restart now, by the law of `domain/rolling.ts`. */
export async function pickNode(op: Op): Outcomes {
  const scene = await lookAt(op)
  const reasons = reasonsToRestart(op, scene)
  if (reasons.size === 0) return await afterRoll(op, scene)

  const stopped = scene.members.filter((node) => !isRunning(scene, node))
  const revival = stopped.every((node) => mayStartHere(op, scene, { node, reasons }))
    ? undefined
    : await reviveStopped(op, scene)
  if (revival?.kind === 'wait') return waitAtGate(op, 'pick-node', revival.why)
  const evidence = await evidenceOf(op, scene)
  const { why, ailing, mending } = wholenessOf(op, scene, { evidence, due: [...reasons.keys()] })
  // Those that ailed are through: now the others, in the order of the story.
  if (op.notes.rollsFirst === true && mending.length === 0) return next('check')
  if (why && stopped.length === 0) return waitAtGate(op, 'pick-node', why)
  const mute = stopped.length === 0 && ailing.length === 0 ? await whyNotBegin(op, scene) : null
  if (mute !== null) return waitAtGate(op, 'pick-node', mute)

  const decision = nextRoll(
    evidence,
    scene.members.map((node) => rollNodeOf(op, scene, { ...node, reasons: reasons.get(node.kafkaId) ?? [] })),
  )
  if (decision.kind === 'wait') return waitAtGate(op, 'pick-node', decision.why)
  if (decision.kind === 'done') return letHeldGo(op, [...reasons.keys()])
  const { kafkaId, report, reasons: restartFor } = decision
  const sinceMs = op.now().getTime()
  const rolling = { kafkaId, report, reasons: restartFor, sinceMs, before: leaveGate(op), canary: null }
  op.remember({ rolling: { ...rolling, isStopping: false } satisfies Rolling, topicsAtRisk: namedAtRisk(evidence) })
  return next('restart-node')
}

type Stopped = { node: Scene['members'][number]; reasons: Map<number, string[]> }

/** A node that does not run is first in the roll where it is due. Any other is started as it was, or cannot be. */
const mayStartHere = (op: Op, scene: Scene, { node, reasons }: Stopped): boolean =>
  reasons.has(node.kafkaId) && !isHeld(op, node.kafkaId) && !isLost(scene, node)

type MemberToRestart = Scene['members'][number] & { reasons: string[] }

function rollNodeOf(op: Op, scene: Scene, node: MemberToRestart): RollNode {
  const { kafkaId, reasons } = node
  return {
    kafkaId,
    isController: isController(node),
    isRunning: isRunning(scene, node),
    reasons,
    isHeld: isHeld(op, kafkaId),
  }
}

/** A member that stopped for no reason of ours is started before the roll is called over. */
async function afterRoll(op: Op, scene: Scene): Outcomes {
  const stopped = await reviveStopped(op, scene)
  if (stopped?.kind === 'wait') return waitAtGate(op, 'pick-node', stopped.why)
  leaveGate(op)
  return op.notes.rollsFirst === true ? next('check') : onward(op, scene, 'pick-node')
}

/** All others are done. A person says when the one that was held back may follow. */
function letHeldGo(op: Op, held: number[]): Outcome<ChangeStep> {
  op.remember({ isHeldFreed: true })
  return pause(
    'pick-node',
    `Node ${held.join(', ')} is held back, as asked; all others are done. Resume to restart it too, or ${wayBackOf(op)}.`,
  )
}

/** Stops the node and starts it with what it should run, each once however often this is repeated. */
export async function restartNode(op: Op): Outcomes {
  const rolling = rollingOf(op.notes)
  const scene = await lookAt(op)
  const node = scene.members.find(({ kafkaId }) => kafkaId === rolling?.kafkaId)
  if (!rolling || !node) return backToGate(op)
  if (!isRunning(scene, node)) {
    if (isLost(scene, node)) return backToGate(op)
    await op.world.provider.ensureNode(specOf(scene, node), op.fence)
    return next('await-node')
  }
  if (!reasonsToRestart(op, scene).has(node.kafkaId)) return next('await-node')

  // Time may have passed since the decision: a pause, a crash.
  const answer =
    rolling.isStopping || mayStop(await evidenceOf(op, scene), [node.kafkaId], { acceptTopicsAtRisk: true }).allowed
  if (!answer) return backToGate(op)
  await op.world.provider.stopNode(op.instanceId, node.kafkaId, op.fence)
  op.remember({ rolling: { ...rolling, isStopping: true } })
  return wait(0.15, `Node ${node.kafkaId} hands its partitions over and stops.`)
}

/**
 * The whole Instance is healthy again but for nodes that come next, leaders are back where they belong, and a canary record
 * went through.
 */
export async function awaitNode(op: Op): Outcomes {
  const scene = await lookAt(op)
  const stopped = await reviveStopped(op, scene)
  if (stopped?.kind === 'wait') return awaitProof(op, stopped.why)
  const evidence = await evidenceOf(op, scene)
  const due = [...reasonsToRestart(op, scene).keys()]
  const { why, ailing } = wholenessOf(op, scene, { evidence, due })
  if (why) return awaitProof(op, why)

  const ready = { ...scene, members: scene.members.filter(({ kafkaId }) => !ailing.includes(kafkaId)) }
  if (rollingOf(op.notes)?.isProven !== true) {
    const { why: mute, canary } = await prove(op, ready, restartedIn(op, ready))
    countCanary(op, canary)
    // What is sick with the new version must get rid of it all the same; the end proves that it serves.
    if (mute !== null && !isTurnedBack(op)) return awaitProof(op, mute)
    noteProven(op, true)
  }
  // After the proof: a record sent while leaders move waits for them.
  const { endpoints } = scene
  const { partitions } = evidence.observation
  const leaders = await electLeaders(op, { endpoints, partitions, pace: nextBriskly })
  if (leaders !== null) return waitAtGate(op, 'await-node', leaders)
  // Now, not at the next look: a page that sees the roll pause here sees which node runs what.
  await op.write((tx) => writeMembersSeen(tx, scene, op.now()))
  endPassage(op, 'through')
  forgetRevivals(op)
  return pauseIfAsked(op)
}

function awaitProof(op: Op, why: string): Outcome<ChangeStep> {
  noteProven(op, false)
  return waitAtGate(op, 'await-node', why)
}

const restartedIn = (op: Op, { members }: Scene) =>
  members.filter(({ kafkaId }) => kafkaId === rollingOf(op.notes)?.kafkaId)

function pauseIfAsked(op: Op): Outcome<ChangeStep> {
  const { pauseAfter } = inputOf(op).options
  const passages = passagesOf(op.notes).filter(({ fate }) => fate === 'through')
  const isDue = pauseAfter === 'each' || (pauseAfter === 'first' && passages.length === 1)
  const last = passages.at(-1)
  if (!isDue || !last || isTurnedBack(op)) return next('pick-node')
  return pause(
    'pick-node',
    `Node ${last.kafkaId} is through and the Instance is healthy. It pauses here, as asked: resume, or ${wayBackOf(op)}.`,
  )
}
