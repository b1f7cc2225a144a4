import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { readCatalogue } from '../../../src/kafka/catalogue.ts'
import { ensureDistribution } from '../../../src/kafka/distribution.ts'
import { recommendedVersion } from '../../../src/domain/version.ts'

/**
 * `Ledger.java` at work: Kafka's own clients write numbered records to a topic of their own and read along, from the start to
 * `end`, which tells what became of every single record. It never outlives this process.
 */
export type Ledger = {
  pid: number
  /** Records due from now on count for the window of this name too. */
  mark(window: string): Promise<void>
  /** Stops sending, reads to the last record, and tells. */
  end(): Promise<LedgerReport>
  /** At once; after `end` it does nothing. */
  [Symbol.dispose](): void
}

export type LedgerWork = {
  /** Where Kafka's jars are: `<home>/kafka/<version>/libs`. */
  home: string
  bootstrapServers: string
  partitions: number
  perSecond: number
  topic?: string
  /** So much is written to the topic beforehand. */
  preloadMiB?: number
  /** A file of client settings, for listeners that ask who comes. */
  clientProperties?: string
}

export type LedgerReport = {
  sent: number
  acked: number
  failed: number
  firstFailure: string | null
  readerFailure: string | null
  /** What the consumer group saw as it read along. */
  group: Audit
  /** What one more reading of the whole log found. */
  log: Audit
  longestAckGapMs: number
  longestReadGapMs: number
  /** From the sending of a record until the group had read it. */
  slowestReadMs: number
  send: SendTimes
  windows: Record<string, SendTimes>
}

export type Audit = { records: number; lost: number; duplicated: number; redelivered: number; reordered: number }

/** From when a record was due to its acknowledgement. Null: no record was. */
export type SendTimes = { records: number; p50Ms: number | null; p99Ms: number | null; maxMs: number | null }

type Line = { kind: 'ready' } | { kind: 'marked'; window: string } | ({ kind: 'report' } & LedgerReport)

/** Resolves once records flow. */
export async function startLedger(work: LedgerWork): Promise<Ledger> {
  const catalogue = readCatalogue(catalogueFile)
  const { version } = recommendedVersion(catalogue)
  const { java, libs } = await ensureDistribution({ home: work.home, version, catalogue })
  const child = spawn(java.program, argumentsFor(libs, work), { stdio: ['pipe', 'pipe', 'pipe'] })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  const { read, errors } = readingOf(child)
  const ask = async <K extends Line['kind']>(kind: K, command?: string): Promise<Extract<Line, { kind: K }>> => {
    if (command) child.stdin.write(`${command}\n`)
    const line = await read(kind === 'marked' ? markLimitMs : longLimitMs)
    if (line?.kind === kind) return line as Extract<Line, { kind: K }>
    kill()
    throw new Error(`the ledger gave no ${kind}: ${errors()}`)
  }
  await ask('ready')
  return {
    pid: child.pid!,
    mark: async (window) => void (await ask('marked', `mark ${window}`)),
    end: () => ask('report', 'end'),
    [Symbol.dispose]: kill,
  }
}

const catalogueFile = join(import.meta.dirname, '../../../kafka-versions.json')
const markLimitMs = 10_000
/** To fill a topic, or to wait for the last acknowledgement (two minutes by Kafka's defaults) and read everything again. */
const longLimitMs = 400_000

function argumentsFor(libs: string, work: LedgerWork): string[] {
  return [
    '-Xmx512m',
    '-XX:+UseSerialGC',
    '-cp',
    join(libs, '*'),
    join(import.meta.dirname, 'Ledger.java'),
    '--bootstrap-servers',
    work.bootstrapServers,
    '--topic',
    work.topic ?? 'ledger',
    '--partitions',
    String(work.partitions),
    '--per-second',
    String(work.perSecond),
    '--preload-mib',
    String(work.preloadMiB ?? 0),
    ...(work.clientProperties ? ['--client-properties', work.clientProperties] : []),
  ]
}

/** Its lines one by one, undefined when it has ended or takes too long, and the last of its complaints. */
function readingOf(child: ChildProcess) {
  const lines: Interface = createInterface(child.stdout!)
  const next = lines[Symbol.asyncIterator]()
  let complaints = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-4_000)))
  return {
    errors: () => complaints,
    async read(limitMs: number): Promise<Line | undefined> {
      const limit = Promise.withResolvers<undefined>()
      const timer = setTimeout(() => limit.resolve(undefined), limitMs)
      const line = await Promise.race([next.next(), limit.promise]).finally(() => clearTimeout(timer))
      return line?.value === undefined ? undefined : JSON.parse(line.value)
    },
  }
}

/** Everything that became of a record and must not have; empty: nothing failed, was lost, doubled or reordered. */
export function faultsOf(report: LedgerReport): string[] {
  const { failed, firstFailure, readerFailure, group, log, sent, acked } = report
  return [
    ...(failed > 0 ? [`${failed} of ${sent} sends failed, first with ${firstFailure}`] : []),
    ...(acked + failed === sent ? [] : [`${sent - acked - failed} sends were never answered`]),
    ...(readerFailure ? [`the reader failed: ${readerFailure}`] : []),
    ...auditFaults('the group', group),
    ...auditFaults('the log', log),
  ]
}

const auditFaults = (where: string, audit: Audit): string[] =>
  (['lost', 'duplicated', 'redelivered', 'reordered'] as const)
    .filter((fault) => audit[fault] > 0)
    .map((fault) => `${where}: ${audit[fault]} ${fault}`)
