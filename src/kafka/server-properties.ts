import type { NodeRole, NodeSlot } from '../domain/node.ts'
import { isReservedSetting } from '../domain/kafka-settings.ts'
import { internalListener, securitySettings, type NodeSecurity } from './listener-settings.ts'
import { controllerListener } from './storage-format.ts'
import type { QuorumVoter } from './storage-format.ts'

export type { StoreFiles } from './listener-settings.ts'

/**
 * One node's `server.properties`. Three layers, later ones win: Millrace's defaults, the Instance's own settings, and the
 * identity of the node, which nobody may lay anything over.
 */
export type ServerSpec = NodeSlot & {
  kafkaId: number
  roles: NodeRole[]
  zone: string
  voters: QuorumVoter[]
  heapMiB: number
  configs: Record<string, string>
  /** Absent: one plain listener for all. */
  security?: NodeSecurity | undefined
}

const brokerListener = 'PLAINTEXT'

export function serverProperties(spec: ServerSpec, dataFolder: string): string {
  const settings = { ...defaultSettings(spec), ...ownSettings(spec.configs), ...identitySettings(spec, dataFolder) }
  return Object.entries(settings)
    .map(([key, value]) => `${escapeKey(key)}=${escapeValue(String(value))}\n`)
    .join('')
}

function ownSettings(configs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(configs).filter(([key]) => !isReservedSetting(key)))
}

function identitySettings(spec: ServerSpec, dataFolder: string): Record<string, string | number> {
  const listeners = listenersOf(spec)
  return {
    'process.roles': spec.roles.join(','),
    'node.id': spec.kafkaId,
    'broker.rack': spec.zone,
    'controller.quorum.bootstrap.servers': spec.voters
      .map(({ address, controllerPort }) => `${address}:${controllerPort}`)
      .join(','),
    listeners,
    'advertised.listeners': listeners,
    'controller.listener.names': controllerListener,
    ...(spec.security
      ? securitySettings(spec.security, controllerListener)
      : {
          'listener.security.protocol.map': `${brokerListener}:PLAINTEXT,${controllerListener}:PLAINTEXT`,
          'inter.broker.listener.name': brokerListener,
        }),
    'log.dirs': dataFolder,
  }
}

function listenersOf({ roles, address, port, controllerPort, security }: ServerSpec): string {
  const brokers = security
    ? [{ name: internalListener, port: security.internalPort }, ...security.listeners]
    : [{ name: brokerListener, port }]
  return [
    ...(roles.includes('broker') ? brokers : []),
    ...(roles.includes('controller') ? [{ name: controllerListener, port: controllerPort }] : []),
  ]
    .map((listener) => `${listener.name}://${address}:${listener.port}`)
    .join(',')
}

/** What a topic gets that says nothing else. */
export const minInSyncFor = (voters: number): number => Math.min(2, voters)

/** Three copies, two of them needed for a write, so that one node may always be down; a lone voter keeps one. */
function defaultSettings({ voters, heapMiB, configs }: ServerSpec): Record<string, string | number | boolean> {
  const copies = Math.min(3, voters.length)
  const needed = minInSyncFor(voters.length)
  return {
    'default.replication.factor': copies,
    'min.insync.replicas': needed,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': needed,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': needed,
    // As Kafka itself has it: a client that is given the address can send at once.
    'auto.create.topics.enable': true,
    'log.cleaner.dedupe.buffer.size': cleanerBuffer(heapMiB, Number(configs['log.cleaner.threads'] ?? 1)),
    'replica.fetch.response.max.bytes': fetchBytes(heapMiB),
    'replica.fetch.max.bytes': Math.min(fetchBytes(heapMiB) / 4, mebibyte),
    ...measuredSettings,
  }
}

const mebibyte = 2 ** 20

/**
 * Some settings, `message.max.bytes` among them, restart the log cleaner while Kafka runs, and for a moment its buffer is there
 * twice: Kafka's own 128 MiB end a node with a small heap. Each cleaner thread must have more than 1 MiB.
 */
const cleanerBuffer = (heapMiB: number, threads: number): number =>
  Math.max(Math.min(heapMiB / 16, 128), threads + 1) * mebibyte

/**
 * A replica in sync waits for its turn behind all that one fetch brings, and producers wait for it: a small node brings little at
 * a time. Kafka's own is 10 MiB. Of one partition it brings a quarter at most: a throttle lets through at once what a copy may take
 * in a second, and that should flow.
 */
const fetchBytes = (heapMiB: number): number => Math.min(Math.max(heapMiB / 1024, 0.25), 10) * mebibyte

/** Measured for a start in about three seconds with three nodes on two cores, and a restart without a long refusal. */
const measuredSettings = {
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
  'offsets.topic.num.partitions': 10,
  'transaction.state.log.num.partitions': 10,
  'group.initial.rebalance.delay.ms': 0,
  'broker.heartbeat.interval.ms': 500,
  // A follower may hear of a new leader epoch before its leader does. Then it sits out this backoff, and after that the fetch under
  // way, which goes without that partition. Producers wait for it: for up to 1.5 s by Kafka's own settings.
  'replica.fetch.backoff.ms': 20,
  'replica.fetch.wait.max.ms': 100,
  // A rate counts over so many seconds, the present one with them. A throttle lets all but that one's worth through at once, and again
  // when they are over, in bursts that clients feel; Kafka's own is 11. Over the present second alone, bytes flow evenly.
  'replication.quota.window.num': 1,
  // As much as the system gives. Through Kafka's 64 and 100 KiB a copy goes in many small steps, each waiting for the processor.
  'replica.socket.receive.buffer.bytes': -1,
  'socket.send.buffer.bytes': -1,
  // A restarted broker is refused until its old session has ended; the default of 9 s would be felt at every restart.
  'broker.session.timeout.ms': 4000,
  'controller.quorum.election.timeout.ms': 500,
}

/** Java reads the file as Latin-1, with backslash escapes. */
const escapeKey = (key: string) => escapeText(key).replace(/[ =:#!]/g, '\\$&')
const escapeValue = (value: string) => escapeText(value).replace(/^ /, '\\ ')

function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
