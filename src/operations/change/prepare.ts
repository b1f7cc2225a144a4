import { judgeHealth } from '../../domain/rolling.ts'
import { topicsAtRisk } from '../../domain/may-stop.ts'
import { next, wait, type Outcome } from '../../engine/outcome.ts'
import { getInstance } from '../../store/instances.ts'
import type { Op } from '../world.ts'
import { changedSettings } from './settings.ts'
import { onward, storyOf, type ChangeStep } from './onward.ts'
import { whyNotBegin } from './prove.ts'
import { evidenceOf, forgetRevivals, lookAt, reviveStopped, sentence } from './scene.ts'

type Outcomes = Promise<Outcome<ChangeStep>>

/** The version's program is on the machine, or on its way. */
export async function fetchDistribution(op: Op): Outcomes {
  const { targetVersion } = await getInstance(op.db, op.instanceId)
  const preparation = await op.world.provider.prepareVersion(targetVersion)
  return preparation.ready ? next('check') : wait(0.2, sentence(preparation.why))
}

/** Waits until the Instance is whole: what is broken is healed first, and a change begins from sound ground. */
export async function check(op: Op): Outcomes {
  const scene = await lookAt(op)
  const stopped = await reviveStopped(op, scene)
  if (stopped) return stopped
  const { observation, minInSync, expected } = await evidenceOf(op, scene)
  const health = judgeHealth(observation, expected)
  if (!health.healthy) return wait(0.5, `Waits until the Instance is whole: ${health.why}.`)
  const others = await op.world.clusters.listReassignments(scene.endpoints)
  if (others.length > 0) {
    return wait(
      1,
      `Waits for ${others.length} partitions that are being moved, the first being partition ${others[0]!.partition} of topic ${others[0]!.topic}.`,
    )
  }
  const mute = await whyNotBegin(op, scene)
  if (mute !== null) return wait(0.5, `Waits until the Instance serves: ${mute}`)
  forgetRevivals(op)
  const attempted = changedSettings(scene.instance)
  op.remember({ story: storyOf(op, scene) })
  op.remember({ attempted: [...new Set([...((op.notes.attempted as string[] | undefined) ?? []), ...attempted])] })
  op.remember({ topicsAtRisk: topicsAtRisk(observation, minInSync).slice(0, mostNamed) })
  return onward(op, scene, null)
}

/** So many topics are named in the timeline. */
const mostNamed = 20
