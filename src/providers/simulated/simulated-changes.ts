import { AppError } from '../../domain/errors.ts'
import type { RegisteredBroker } from '../../domain/drift-brokers.ts'
import type { InstanceId } from '../../domain/id.ts'
import { findVersion, type VersionCatalogue } from '../../domain/version.ts'
import type { BrokerEndpoint, KafkaClusters } from '../../kafka/cluster.ts'
import type { CallSubject, Faults, WorldCall } from './faults.ts'
import type { Population } from './simulated-population.ts'
import { showsWhatIsWritten } from './simulated-node.ts'
import { allDirectories, cordonedKey, overridesOf, type ClusterState } from './simulated-state.ts'

/** What the simulated Kafka does when it is told to change. */
export type Answering = {
  instanceId: InstanceId
  state: ClusterState
  up: number[]
  /** Those that are none of its nodes. */
  strangers: RegisteredBroker[]
}

type Ground = { population: Population; faults: Faults; catalogue: VersionCatalogue }

type Changes = Omit<KafkaClusters, 'ping' | 'observe' | 'canary' | 'askListener' | 'statistics' | 'scrape'>

const firstCordoning = '4.3.1'

type Told = <T>(call: WorldCall, brokers: BrokerEndpoint[], work: (answering: Answering) => T) => Promise<T>

export function simulatedChanges(
  { population, faults, catalogue }: Ground,
  whoAnswers: (brokers: BrokerEndpoint[]) => Promise<Answering>,
): Changes {
  const subjectOf = ([first]: BrokerEndpoint[]): CallSubject => ({
    instanceId: first && population.at(first.host, first.port)?.spec.instanceId,
  })
  const told: Told = (call, brokers, work) =>
    faults.strike(call, subjectOf(brokers), async () => work(await whoAnswers(brokers)))
  const versionsOf = ({ instanceId, up }: Answering): string[] =>
    population.of(instanceId).flatMap(({ spec }) => (up.includes(spec.kafkaId) ? [spec.version] : []))
  return {
    ...replicaChanges(told),
    ...membershipChanges(told, { catalogue, versionsOf }),
    ...settingChanges(told, population),
    ...certificateChanges(told, population),
  }
}

function replicaChanges(told: Told) {
  return {
    minInSync: (brokers) =>
      told('minInSync', brokers, ({ state }) => new Map(state.partitions().map(({ topic }) => [topic, 2]))),
    replicas: (brokers) => told('replicas', brokers, ({ state }) => state.replicas()),
    reassign: (brokers, moves) => told('reassign', brokers, ({ state }) => state.move(moves)),
    listReassignments: (brokers) => told('listReassignments', brokers, ({ state }) => state.moving()),
    cancelReassignments: (brokers, partitions) =>
      told('cancelReassignments', brokers, ({ state }) => state.cancel(partitions)),
    electPreferredLeaders: (brokers, partitions) =>
      told('electPreferredLeaders', brokers, ({ state }) => state.elect(partitions)),
    throttleMoves: (brokers, { bytesPerSecond }) =>
      told('throttleMoves', brokers, ({ state }) => void (state.throttle = bytesPerSecond)),
    liftThrottle: (brokers) => told('liftThrottle', brokers, ({ state }) => void (state.throttle = null)),
  } satisfies Partial<Changes>
}

type Versions = { catalogue: VersionCatalogue; versionsOf(answering: Answering): string[] }

function membershipChanges(told: Told, { catalogue, versionsOf }: Versions) {
  return {
    features: (brokers) =>
      told('features', brokers, (answering) => ({
        finalized: { ...answering.state.finalized },
        supported: lowestOf(versionsOf(answering).map((version) => findVersion(catalogue, version)?.features ?? {})),
      })),
    finalizeFeatures: (brokers, levels, { validateOnly = false } = {}) =>
      told('finalizeFeatures', brokers, ({ state }) => {
        if (!validateOnly) Object.assign(state.finalized, levels)
      }),
    registeredBrokers: (brokers) =>
      told('registeredBrokers', brokers, ({ up, strangers }) => [
        ...brokers.map((broker) => ({ ...broker, isFenced: !up.includes(broker.kafkaId) })),
        ...strangers,
      ]),
    unregisterBroker: (brokers, kafkaId) =>
      told('unregisterBroker', brokers, ({ state, up, strangers }) => {
        const isAlive = strangers.some((one) => one.kafkaId === kafkaId && !one.isFenced)
        if (up.includes(kafkaId) || isAlive) {
          throw new AppError(
            'conflict',
            'Kafka.BrokerAlive',
            `Node ${kafkaId} still has a session with the controller.`,
          )
        }
        state.strangers.delete(kafkaId)
      }),
    cordon: (brokers, kafkaId, isCordoned) =>
      told('cordon', brokers, (answering) => {
        if (versionsOf(answering).some((version) => version !== firstCordoning)) return false
        const own = overridesOf(answering.state, kafkaId)
        if (isCordoned) own.set(cordonedKey, allDirectories)
        else own.delete(cordonedKey)
        return true
      }),
  } satisfies Partial<Changes>
}

function certificateChanges(told: Told, population: Population) {
  return {
    reloadCertificates: (brokers, kafkaId) =>
      told('reloadCertificates', brokers, ({ instanceId }) => {
        const node = population.find(instanceId, kafkaId)
        if (!node || node.trouble === 'keeps-certificate') return
        if (node.trouble === 'refuses-certificate' && !showsWhatIsWritten(node)) throw refusedCertificate()
        node.shown = node.written
      }),
    // Of Millrace's own there is nothing to see here.
    shownCertificate: (broker, port) =>
      told('shownCertificate', [broker], ({ instanceId }) => {
        const node = population.find(instanceId, broker.kafkaId)
        return port === node?.spec.security?.internalPort ? null : (node?.shown.certificateChain ?? null)
      }),
    asksForAuthority: (broker, _port, authority) =>
      told('asksForAuthority', [broker], ({ instanceId }) => {
        const node = population.find(instanceId, broker.kafkaId)
        return node ? node.shown.certificateAuthority === authority : null
      }),
  } satisfies Partial<Changes>
}

const refusedCertificate = () =>
  new AppError(
    'invalid',
    'Kafka.SettingRefused',
    'Kafka does not take these settings: Failed to load PEM SSL keystore.',
  )

function settingChanges(told: Told, population: Population) {
  return {
    describeSettings: (brokers, kafkaId) =>
      told('describeSettings', brokers, ({ instanceId, state }) => {
        const own = population.find(instanceId, kafkaId)?.spec.configs ?? {}
        const described =
          (source: 'static' | 'dynamic-default' | 'dynamic-broker') =>
          ([key, value]: [string, string]) => ({
            key,
            value,
            source,
            isReadOnly: source === 'static',
            isSecret: false,
            type: 'string',
          })
        const overrides = state.overrides.get(kafkaId) ?? new Map<string, string>()
        return [
          ...Object.entries(own).map(described('static')),
          ...[...state.settings].filter(([key]) => !overrides.has(key)).map(described('dynamic-default')),
          ...[...overrides].map(described('dynamic-broker')),
        ]
      }),
    alterSettings: (brokers, { set, remove }, { validateOnly = false, kafkaId } = {}) =>
      told('alterSettings', brokers, ({ state }) => {
        if (validateOnly) return
        const own = kafkaId === undefined ? state.settings : overridesOf(state, kafkaId)
        for (const key of remove) own.delete(key)
        for (const [key, value] of Object.entries(set)) own.set(key, value)
      }),
  } satisfies Partial<Changes>
}

/** A level counts only when every node can. */
function lowestOf(all: Record<string, number>[]): Record<string, number> {
  const [first = {}, ...others] = all
  return Object.fromEntries(
    Object.entries(first).map(([name, level]) => [name, Math.min(level, ...others.map((one) => one[name] ?? 0))]),
  )
}
