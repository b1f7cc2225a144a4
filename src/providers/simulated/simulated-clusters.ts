import { CanaryFailure } from '../../domain/canary.ts'
import { AppError } from '../../domain/errors.ts'
import type { RegisteredBroker } from '../../domain/drift-brokers.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Observation } from '../../domain/observation.ts'
import type { VersionCatalogue } from '../../domain/version.ts'
import type { BrokerEndpoint, KafkaClusters, MetricsEndpoint } from '../../kafka/cluster.ts'
import type { CallSubject, Faults } from './faults.ts'
import { simulatedChanges, type Answering } from './simulated-changes.ts'
import { simulatedSamples } from './simulated-metrics.ts'
import type { ClusterStates } from './simulated-state.ts'
import { seedOf, silence, tellsMetrics, type Pace, type SimulatedNode } from './simulated-node.ts'
import type { Population } from './simulated-population.ts'

/**
 * The simulated nodes as Kafka: a node answers some time after its start, a majority of the voters elects a leader, and then
 * brokers see each other. One partition is led by every broker and kept on up to three. Topics and sizes are made up, and
 * the same at every look. A node that hangs keeps its caller for as long as a real one would.
 */
export type ClusterGround = {
  population: Population
  faults: Faults
  states: ClusterStates
  catalogue: VersionCatalogue
  pace: Pace
  nowMs(): number
  sleep(ms: number): Promise<void>
}

/** Kafka's own client gives up on a broker after this long. */
const answerLimitMs = 1_500

export function makeSimulatedClusters(ground: ClusterGround): KafkaClusters {
  const { faults } = ground
  return {
    ping: (broker) =>
      faults.strike('ping', subjectOf(ground, [broker]), async () => {
        const [member] = await ask(ground, [broker])
        if (member!.silence) throw unreachable(broker, member!.silence)
        return 1
      }),
    observe: (brokers) =>
      faults.strike('observe', subjectOf(ground, brokers), async () =>
        observationOf(ground, await ask(ground, brokers)),
      ),
    canary: (brokers) => faults.strike('canary', subjectOf(ground, brokers), () => canary(ground, brokers)),
    askListener: (broker, { name, port }) =>
      faults.strike('askListener', subjectOf(ground, [{ ...broker, port }]), async () => {
        const [member] = await ask(ground, [{ ...broker, port }])
        if (member!.silence) throw deaf(broker, name, member!.silence)
      }),
    statistics: (brokers) => faults.strike('statistics', subjectOf(ground, brokers), () => statistics(ground, brokers)),
    scrape: (node) =>
      faults.strike('scrape', subjectOf(ground, [node]), async () => {
        const [member] = await ask(ground, [node])
        const { node: asked, silence: problem } = member!
        if (problem || !asked || !tellsMetrics(asked)) throw untold(node, problem ?? 'nobody listens there')
        const { instanceId } = asked.spec
        return simulatedSamples(asked, ground.states.of(instanceId).holdings, ground.nowMs())
      }),
    ...simulatedChanges(ground, (brokers) => whoAnswers(ground, brokers)),
  }
}

/** The state of the cluster that the brokers belong to, once one of them answers. */
export async function whoAnswers(ground: ClusterGround, brokers: BrokerEndpoint[]): Promise<Answering> {
  const members = await ask(ground, brokers)
  const up = members.filter(({ silence: problem }) => !problem).map(({ kafkaId }) => kafkaId)
  if (up.length === 0) throw unreachable(brokers[0]!, members[0]?.silence ?? 'there is none')
  const node = members.find((member) => !member.silence)!.node!
  const { instanceId } = node.spec
  return { instanceId, state: ground.states.of(instanceId), up, strangers: strangersOf(ground, instanceId) }
}

/** A stranger that runs in this world is alive as long as it answers; of others the world was told. */
function strangersOf({ states, population, pace, nowMs }: ClusterGround, instanceId: InstanceId): RegisteredBroker[] {
  return [...states.of(instanceId).strangers].map(([kafkaId, { host, port, isAlive }]) => {
    const node = population.find(instanceId, kafkaId)
    return { kafkaId, host, port, isFenced: node ? silence(node, pace, nowMs()) !== null : !isAlive }
  })
}

/** One broker that was asked: who it is, and why it did not answer. */
type Member = { kafkaId: number; node: SimulatedNode | undefined; silence: string | null }

async function ask({ population, pace, nowMs, sleep }: ClusterGround, brokers: BrokerEndpoint[]): Promise<Member[]> {
  const nodes = brokers.map(({ host, port }) => population.at(host, port))
  if (nodes.some((node) => node?.trouble === 'hangs')) await sleep(answerLimitMs)
  return brokers.map(({ kafkaId, port }, index) => {
    const node = nodes[index]
    const isDeaf = node?.trouble === 'deaf' && port !== node.spec.security?.internalPort
    return { kafkaId, node, silence: isDeaf ? 'connection refused' : silence(node, pace, nowMs()) }
  })
}

function subjectOf({ population }: ClusterGround, [first]: BrokerEndpoint[]): CallSubject {
  return { instanceId: first && population.at(first.host, first.port)?.spec.instanceId }
}

function observationOf(ground: ClusterGround, members: Member[]): Observation {
  const up = members.filter((member) => !member.silence).map(({ kafkaId }) => kafkaId)
  const quorum = quorumOf(members, up)
  const instanceId = members.find(({ node }) => node)?.node?.spec.instanceId
  const strangers = instanceId ? strangersOf(ground, instanceId).filter(({ isFenced }) => !isFenced) : []
  const registered = quorum ? [...up, ...strangers.map(({ kafkaId }) => kafkaId)] : []
  return {
    views: members.map(({ kafkaId, silence: problem }) => ({ kafkaId, sees: problem ? null : registered, problem })),
    partitions: quorum ? partitionsOf(ground, members, up) : [],
    quorum,
  }
}

/** A voter that does not answer falls behind without end. */
const farBehind = 1_000

function quorumOf(members: Member[], up: number[]): Observation['quorum'] {
  const voters = members.find(({ node }) => node)?.node?.spec.voters ?? []
  const living = voters.filter(({ kafkaId }) => up.includes(kafkaId))
  if (living.length * 2 <= voters.length) return null
  return {
    leaderId: living[0]!.kafkaId,
    voters: voters.map(({ kafkaId }) => ({ kafkaId, lag: up.includes(kafkaId) ? 0 : farBehind })),
  }
}

const isLagging = (members: Member[], id: number): boolean =>
  members.some(({ kafkaId, node }) => kafkaId === id && node?.trouble === 'lags')

/** A replica is in sync while its node answers and does not lag. */
function partitionsOf({ states }: ClusterGround, members: Member[], up: number[]): Observation['partitions'] {
  const instanceId = members.find(({ node }) => node)?.node?.spec.instanceId
  if (!instanceId) return []
  const state = states.of(instanceId)
  return state.partitions().map(({ topic, partition, replicas }) => {
    const inSync = replicas.filter((kafkaId) => up.includes(kafkaId) && !isLagging(members, kafkaId))
    return { topic, partition, leader: state.leaderOf(partition, inSync), replicas, inSync }
  })
}

async function canary(ground: ClusterGround, brokers: BrokerEndpoint[]) {
  const members = await ask(ground, brokers)
  const mute = members.find((member) => member.silence || member.node?.trouble === 'no-canary')
  const up = members.filter((member) => !member.silence).map(({ kafkaId }) => kafkaId)
  if (mute || !quorumOf(members, up)) {
    const message = `The canary record did not come back${mute ? ` from node ${mute.kafkaId}` : ''}.`
    throw new CanaryFailure(message, { sent: brokers.length, readBack: brokers.length - 1 })
  }
  return { partitions: brokers.length, sent: brokers.length, readBack: brokers.length, slowestMs: 4 }
}

async function statistics(ground: ClusterGround, brokers: BrokerEndpoint[]) {
  const members = await ask(ground, brokers)
  const mute = members.findIndex((member) => member.silence)
  if (mute >= 0) throw unreachable(brokers[mute]!, members[mute]!.silence!)
  const seed = seedOf(members[0]?.node?.spec.instanceId ?? '')
  const topicCount = 2 + (seed % 30)
  return {
    topicCount,
    partitionCount: topicCount * 6,
    consumerGroupCount: 1 + (seed % 12),
    storageSize: brokers.length * (40 + (seed % 900)) * 2 ** 20,
  }
}

const untold = ({ kafkaId, host, metricsPort }: MetricsEndpoint, why: string) =>
  new AppError(
    'unavailable',
    'Metrics.Refused',
    `The metrics of node ${kafkaId} at ${host}:${metricsPort} cannot be read: ${why}.`,
  )

const deaf = ({ kafkaId }: BrokerEndpoint, listener: string, why: string) =>
  new AppError(
    'unavailable',
    'Kafka.ListenerSilent',
    `The listener ${listener} of node ${kafkaId} does not answer clients: ${why}.`,
  )

const unreachable = ({ kafkaId, host, port }: BrokerEndpoint, why: string) =>
  new AppError('unavailable', 'Kafka.Unreachable', `Node ${kafkaId} at ${host}:${port} cannot be reached: ${why}.`)
