import { minInSyncOf, type Evidence } from './may-stop.ts'
import { caughtUpWithin } from './rolling.ts'

/** What if these nodes are lost, all at once and without a goodbye? By the rule that lets a node restart. */
export type LossReport = {
  lost: number[]
  /** `writes-stop`: some topics take no records with acks=all. `unavailable`: some can be neither written nor read. */
  verdict: 'serves' | 'writes-stop' | 'unavailable'
  summary: string
  quorumSurvives: boolean
  counts: { partitions: number; withoutLeader: number; belowMinimum: number }
  /** The first of them. */
  partitionsWithoutLeader: { topic: string; partition: number }[]
  partitionsBelowMinimum: { topic: string; partition: number }[]
}

const mostNamed = 20

export function lossOf({ observation, minInSync, expected }: Evidence, lost: number[]): LossReport {
  const after = observation.partitions.map(({ topic, partition, replicas, inSync }) => ({
    topic,
    partition,
    isTouched: replicas.some((id) => lost.includes(id)),
    left: inSync.filter((id) => !lost.includes(id)).length,
  }))
  const leaderless = after.filter(({ isTouched, left }) => isTouched && left === 0)
  const below = after.filter(
    ({ topic, isTouched, left }) => isTouched && left > 0 && left < minInSyncOf(minInSync, topic),
  )
  const quorumSurvives = survives({ observation, minInSync, expected }, lost)
  const isDown = leaderless.length > 0 || !quorumSurvives
  const verdict = isDown ? 'unavailable' : below.length > 0 ? 'writes-stop' : 'serves'
  return {
    lost,
    verdict,
    summary: summaryOf({ lost, verdict, quorumSurvives, leaderless: leaderless.length, below: below.length }),
    quorumSurvives,
    counts: { partitions: after.length, withoutLeader: leaderless.length, belowMinimum: below.length },
    partitionsWithoutLeader: leaderless.slice(0, mostNamed).map(placeOf),
    partitionsBelowMinimum: below.slice(0, mostNamed).map(placeOf),
  }
}

const placeOf = ({ topic, partition }: { topic: string; partition: number }) => ({ topic, partition })

function survives({ observation: { quorum }, expected: { voters } }: Evidence, lost: number[]): boolean {
  const left = (quorum?.voters ?? []).filter(
    ({ kafkaId, lag }) => voters.includes(kafkaId) && !lost.includes(kafkaId) && lag <= caughtUpWithin,
  )
  return left.length > voters.length / 2
}

type Finding = {
  lost: number[]
  verdict: LossReport['verdict']
  quorumSurvives: boolean
  leaderless: number
  below: number
}

function summaryOf({ lost, verdict, quorumSurvives, leaderless, below }: Finding): string {
  const who = `Without node ${lost.join(', ')}`
  if (verdict === 'serves') return `${who}, the Instance goes on serving: everything can be written and read.`
  if (!quorumSurvives)
    return `${who}, the controller quorum is lost: nothing can be created or changed, and leaders that fail are not replaced.`
  if (leaderless > 0) return `${who}, ${leaderless} partitions have no leader: they can be neither written nor read.`
  return `${who}, ${below} partitions take no records with acks=all until a replica is back; they can still be read.`
}
