import type { OwnCertificates } from '../../domain/keyring.ts'
import { metricsPortOf } from '../../domain/metrics-port.ts'
import type { NodeUsage } from '../../domain/node.ts'
import type { NodeSighting, NodeSpec } from '../provider.ts'
import { troubleNamed, troubleSetting, type Trouble } from './faults.ts'

/**
 * One node as a few fields; what it is doing at a moment follows from them and the clock. No timers: thirty thousand nodes
 * cost their memory and nothing else.
 */
export type SimulatedNode = {
  spec: NodeSpec
  trouble: Trouble | null
  /** All times in milliseconds since 1970. */
  startedAt: number
  stopAskedAt: number | null
  /** Why the process is gone without having been asked. */
  death: string | null
  hasStorage: boolean
  /** Certificates of the user's: in its files, and as it goes by them. Empty: Millrace's own. */
  written: OwnCertificates
  shown: OwnCertificates
}

/** How long things take, in milliseconds. */
export type Pace = { startMs: number; stopMs: number; fetchMs: number }

export const startedNode = (spec: NodeSpec, startedAt: number): SimulatedNode => ({
  spec,
  trouble: troubleNamed(spec.configs[troubleSetting]),
  startedAt,
  stopAskedAt: null,
  death: null,
  hasStorage: true,
  written: certificatesOf(spec),
  shown: certificatesOf(spec),
})

export const certificatesOf = ({ security }: NodeSpec): OwnCertificates => security?.own ?? {}

export const showsWhatIsWritten = ({ written, shown }: SimulatedNode): boolean =>
  written.certificateChain === shown.certificateChain && written.certificateAuthority === shown.certificateAuthority

/** Why the node has no process; null while it has one. */
export function exitReason(node: SimulatedNode, { startMs, stopMs }: Pace, now: number): string | null {
  if (node.death) return node.death
  if (node.stopAskedAt !== null && now >= node.stopAskedAt + stopMs) return 'It was asked to stop.'
  const isDoomed = node.trouble === 'never-starts' && now >= node.startedAt + startMs
  return isDoomed ? `Kafka gave up at its start, as ${troubleSetting} says.` : null
}

export const isStopping = (node: SimulatedNode): boolean => node.stopAskedAt !== null

/** Does it speak Kafka's protocol now? Null: yes; otherwise why not. */
export function silence(node: SimulatedNode | undefined, pace: Pace, now: number): string | null {
  if (!node || exitReason(node, pace, now)) return 'connection refused'
  if (node.trouble === 'hangs') return 'no answer in time'
  return now < node.startedAt + pace.startMs ? 'connection refused' : null
}

export function sightingOf(node: SimulatedNode, pace: Pace, now: number): NodeSighting {
  const { kafkaId, version, configs, heapMiB, security } = node.spec
  const secured = security && { security: { mark: security.mark, authority: security.authority } }
  const started = { version, configs, heapMiB, ...secured }
  const metricsPort = tellsMetrics(node) ? metricsPortOf(node.spec) : null
  const known = { kafkaId, version, spec: started, metricsPort, takesPlain: node.trouble !== 'no-plain' }
  const reason = exitReason(node, pace, now)
  if (reason) return { ...known, process: 'stopped', usage: null, reason }
  return { ...known, process: 'running', usage: usageOf(node), reason: null }
}

/** Does it carry the exporter? */
export const tellsMetrics = ({ trouble }: SimulatedNode): boolean => trouble !== 'no-metrics'

const mebibyte = 2 ** 20

/** A plausible size that is the same at every look. */
function usageOf({ spec, startedAt }: SimulatedNode): NodeUsage {
  const seed = seedOf(`${spec.instanceId}/${spec.kafkaId}`)
  return {
    memoryBytes: (290 + (seed % 70)) * mebibyte,
    diskBytes: (40 + (seed % 900)) * mebibyte,
    startedAt: new Date(startedAt),
  }
}

/** A number that looks random and is always the same for the same words (FNV-1a). */
export function seedOf(words: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < words.length; index++) {
    hash = Math.imul(hash ^ words.charCodeAt(index), 0x01000193) >>> 0
  }
  return hash
}
