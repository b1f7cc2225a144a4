import { topicsAtRisk, type TopicAtRisk } from '../../domain/may-stop.ts'
import { next, wait, type Outcome } from '../../engine/outcome.ts'
import { getInstance } from '../../store/instances.ts'
import type { Op } from '../world.ts'
import { keepWaiting, leaveGate, waitAtGate } from './gate.ts'
import { changedSettings } from './settings.ts'
import { onward, storyOf, type ChangeStep } from './onward.ts'
import { whyNotBegin } from './prove.ts'
import {
  asItWas,
  evidenceOf,
  forgetRevivals,
  inputOf,
  isTurnedBack,
  lookAt,
  reasonsToRestart,
  reviveStopped,
  sentence,
  type Evidence,
  type Scene,
} from './scene.ts'
import { wholenessOf } from './wholeness.ts'

type Outcomes = Promise<Outcome<ChangeStep>>

/** The version's program is on the machine, or on its way. */
export async function fetchDistribution(op: Op): Outcomes {
  const { targetVersion } = await getInstance(op.db, op.instanceId)
  const preparation = await op.world.provider.prepareVersion(targetVersion)
  return preparation.ready ? next('check') : wait(0.2, sentence(preparation.why))
}

/**
 * Waits until the Instance is whole: what is broken is healed first, and a change begins from sound ground. Where only nodes
 * ail whose restart may mend it, they are restarted before anything else.
 */
export async function check(op: Op): Outcomes {
  const scene = await lookAt(op)
  const stopped = await reviveStopped(op, scene, asItWas)
  const evidence = await evidenceOf(op, scene)
  const reasons = reasonsToRestart(op, scene)
  const { why, ailing, mending } = wholenessOf(op, scene, { evidence, due: [...reasons.keys()] })
  const isGroundNeeded = !isTurnedBack(op) || reasons.size > 0 || scene.nodes.some(({ intent }) => intent === 'leave')
  if (why && isGroundNeeded) {
    return holdUp(op, `Waits until the Instance is whole: ${stopped?.kind === 'wait' ? stopped.why : why}`)
  }
  const others = await op.world.clusters.listReassignments(scene.endpoints)
  if (others.length > 0) {
    const first = `the first being partition ${others[0]!.partition} of topic ${others[0]!.topic}`
    return wait(1, `Waits for ${others.length} partitions that are being moved, ${first}.`)
  }
  const mute = ailing.length > 0 ? null : await whyNotBegin(op, scene)
  if (mute !== null) return holdUp(op, `Waits until the Instance serves: ${mute}`)
  if (isTurnedBack(op)) await uncordon(op, scene, ailing)
  leaveGate(op)
  forgetRevivals(op)
  const attempted = changedSettings(scene.instance)
  op.remember({ story: storyOf(op, scene) })
  op.remember({ attempted: [...new Set([...((op.notes.attempted as string[] | undefined) ?? []), ...attempted])] })
  op.remember({ topicsAtRisk: namedAtRisk(evidence) })
  op.remember({ rollsFirst: mending.length > 0 })
  return mending.length > 0 ? next('pick-node') : onward(op, scene, null)
}

/** So many topics are named in the timeline. */
const mostNamed = 20

export const namedAtRisk = ({ observation, minInSync }: Evidence): TopicAtRisk[] =>
  topicsAtRisk(observation, minInSync).slice(0, mostNamed)

/** Nodes that were to leave take replicas again. Each takes it from itself only: one that ails is shown as drift later. */
async function uncordon(op: Op, { members, endpoints }: Scene, ailing: number[]): Promise<void> {
  const { reservedAku, reservedNodeCount } = inputOf(op).wish
  if (reservedAku === undefined && reservedNodeCount === undefined) return
  for (const { kafkaId, intent } of members) {
    if (intent === 'stay' && !ailing.includes(kafkaId)) await op.world.clusters.cordon(endpoints, kafkaId, false)
  }
}

/** On the way there it waits for as long as healing takes; a cancel then ends it at once. */
const holdUp = (op: Op, why: string): Outcome<ChangeStep> =>
  isTurnedBack(op) ? waitAtGate(op, 'check', why) : keepWaiting(op, why)
