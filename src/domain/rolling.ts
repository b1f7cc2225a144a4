import type { Observation } from './observation.ts'

/**
 * The health judgement: does this cluster serve, with every node it should have? One law for creating, healing and, before
 * and after each node, rolling.
 */

/** A voter this many records behind the leader counts as caught up: it moves on at every heartbeat of a broker. */
export const caughtUpWithin = 50

export type Judgement = { healthy: true } | { healthy: false; why: string }

export type Expected = { brokers: number[]; voters: number[] }

const unhealthy = (why: string): Judgement => ({ healthy: false, why })
const healthy: Judgement = { healthy: true }

/** Healthy, or the first thing that is not, in words that name the node or partition. */
export function judgeHealth(observation: Observation, expected: Expected): Judgement {
  for (const judge of [judgeBrokers, judgeQuorum, judgePartitions]) {
    const judgement = judge(observation, expected)
    if (!judgement.healthy) return judgement
  }
  return healthy
}

/** Every broker answers, and another broker has it in its own view of the cluster: registered and not fenced. */
function judgeBrokers({ views }: Observation, { brokers }: Expected): Judgement {
  const silent = brokers.filter((id) => !views.some((view) => view.kafkaId === id && view.sees))
  if (silent.length > 0) {
    const problem = views.find((view) => view.kafkaId === silent[0])?.problem
    const words = `${brokers.length - silent.length} of ${brokers.length} nodes answer; waiting for ${nodeList(silent)}`
    return unhealthy(problem ? `${words} (${problem})` : words)
  }
  const unseen = brokers.filter(
    (id) => !views.some((view) => view.sees?.includes(id) && isWitness(view.kafkaId, id, brokers)),
  )
  return unseen.length > 0 ? unhealthy(`${nodeList(unseen)} answers but is not yet seen by the other brokers`) : healthy
}

/** A broker's own word does not count, unless it is alone. */
const isWitness = (witness: number, subject: number, brokers: number[]) => witness !== subject || brokers.length === 1

/** There is a leader, and every voter has caught up with it. */
function judgeQuorum({ quorum }: Observation, { voters }: Expected): Judgement {
  if (!quorum || quorum.leaderId < 0) return unhealthy('the controller quorum has no leader yet')
  for (const id of voters) {
    const voter = quorum.voters.find((candidate) => candidate.kafkaId === id)
    if (!voter) return unhealthy(`node ${id} is not a voter of the controller quorum yet`)
    if (voter.lag > caughtUpWithin)
      return unhealthy(`node ${id} is ${voter.lag} records behind in the controller quorum`)
  }
  return healthy
}

/** Every partition has a leader and all of its replicas in sync. */
function judgePartitions({ partitions }: Observation): Judgement {
  const leaderless = partitions.find((partition) => partition.leader < 0)
  if (leaderless) return unhealthy(`partition ${leaderless.partition} of topic ${leaderless.topic} has no leader`)
  const behind = partitions.filter((partition) => partition.inSync.length < partition.replicas.length)
  const first = behind[0]
  if (!first) return healthy
  return unhealthy(
    `${behind.length} of ${partitions.length} partitions miss a replica, the first being partition ${first.partition} of topic ${first.topic}`,
  )
}

const nodeList = (ids: number[]) => `node ${ids.join(', ')}`
