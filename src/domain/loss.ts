import { mayStop, minInSyncOf, silentOf, votersWithout, type Evidence, type Margin } from './may-stop.ts'

/** What if these nodes are lost, all at once and without a goodbye? By the rule that lets a node restart. */
export type LossReport = {
  lost: number[]
  /** `writes-stop`: some topics take no records with acks=all. `unavailable`: some can be neither written nor read. */
  verdict: 'serves' | 'writes-stop' | 'unavailable'
  summary: string
  quorumSurvives: boolean
  /** What is broken already counts too. */
  counts: { partitions: number; withoutLeader: number; belowMinimum: number }
  /** The first of them. */
  partitionsWithoutLeader: Place[]
  partitionsBelowMinimum: Place[]
  /** Of the partitions that the lost nodes are in sync with; null: none. */
  tightest: Margin | null
}

type Place = { topic: string; partition: number }

const mostNamed = 20

export function lossOf(evidence: Evidence, lost: number[]): LossReport {
  const { observation, minInSync, expected } = evidence
  const gone = new Set([...lost, ...silentOf(observation)])
  const { left, majority } = votersWithout(observation, lost)
  const quorumSurvives = observation.quorum !== null && left >= majority
  const after = observation.partitions.map(({ topic, partition, leader, inSync }) => {
    const replicasLeft = inSync.filter((id) => !gone.has(id)).length
    // Without a quorum nobody takes over from a leader.
    const isLed = leader >= 0 && replicasLeft > 0 && (quorumSurvives || !gone.has(leader))
    return { topic, partition, isLed, isBelow: replicasLeft < minInSyncOf(minInSync, topic) }
  })
  const leaderless = after.filter(({ isLed }) => !isLed)
  const below = after.filter(({ isLed, isBelow }) => isLed && isBelow)
  const counts = { partitions: after.length, withoutLeader: leaderless.length, belowMinimum: below.length }
  const isDown = leaderless.length > 0 || !quorumSurvives || expected.brokers.every((id) => gone.has(id))
  const verdict = isDown ? 'unavailable' : below.length > 0 ? 'writes-stop' : 'serves'
  return {
    lost,
    verdict,
    summary: summaryOf({ lost, verdict, quorumSurvives, counts }),
    quorumSurvives,
    counts,
    partitionsWithoutLeader: leaderless.slice(0, mostNamed).map(placeOf),
    partitionsBelowMinimum: below.slice(0, mostNamed).map(placeOf),
    tightest: mayStop(evidence, lost).report.tightest,
  }
}

const placeOf = ({ topic, partition }: Place): Place => ({ topic, partition })

function summaryOf({
  lost,
  verdict,
  quorumSurvives,
  counts,
}: Pick<LossReport, 'lost' | 'verdict' | 'quorumSurvives' | 'counts'>): string {
  const who = `Without node ${lost.join(', ')}`
  const some = (count: number) => `${count} of ${counts.partitions} partitions`
  if (verdict === 'serves') return `${who}, the Instance goes on serving: everything can be written and read.`
  if (!quorumSurvives) {
    return `${who}, the controller quorum is lost: nothing can be created or changed, and leaders that fail are not replaced.`
  }
  if (counts.withoutLeader > 0) {
    return `${who}, ${some(counts.withoutLeader)} have no leader: they can be neither written nor read.`
  }
  if (verdict === 'unavailable') return `${who}, no broker is left.`
  return `${who}, ${some(counts.belowMinimum)} take no records with acks=all until a replica is back; they can still be read.`
}
