import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceId } from '../src/domain/id.ts'
import type { BrokerEndpoint } from '../src/kafka/cluster.ts'
import { readHomeId } from '../src/machine/home-lock.ts'
import { faultsOf, startLedger, type Ledger, type LedgerReport } from '../test/harness/ledger/ledger.ts'
import type { Api } from './api.ts'
import { createTimed } from './instances.ts'
import { makeHome, startMillrace, type Millrace } from './millrace.ts'
import { milliseconds } from './figure.ts'

/** An Instance of a Millrace of its own, three real nodes at first, with a ledger on it from the start to `end`. */
export type LoadedInstance = {
  instanceId: InstanceId
  homeId: string
  /** The present one: a figure that kills it puts the next one here. */
  millrace: Millrace
  ledger: Ledger
  [Symbol.asyncDispose](): Promise<void>
}

export type Load = { version?: string; partitions?: number; perSecond?: number; preloadMiB?: number }

/** The load of every figure, unless it says otherwise. */
export const usualLoad = { partitions: 6, perSecond: 500 }
/** An Instance just made or just changed warms up: its first seconds are nobody's idle. */
export const settleMs = 20_000

export async function startLoadedInstance({ version = '4.3.1', ...more }: Load = {}): Promise<LoadedInstance> {
  const home = await makeHome()
  const millrace = await startMillrace({ provider: 'local', home })
  try {
    const spec = { reservedAku: 6, networks: ['a', 'b', 'c'].map((letter) => ({ zone: `local-${letter}` })) }
    const { id } = await createTimed(millrace.api, 'local', { version, spec })
    const bootstrapServers = (await brokersOf(millrace.api, id)).map(({ host, port }) => `${host}:${port}`).join(',')
    const ledger = await startLedger({ home, bootstrapServers, ...usualLoad, ...more })
    await delay(settleMs)
    await ledger.mark('idle')
    const loaded: LoadedInstance = {
      instanceId: id as InstanceId,
      homeId: await readHomeId(home),
      millrace,
      ledger,
      async [Symbol.asyncDispose]() {
        ledger[Symbol.dispose]()
        await takeAway(loaded.millrace)
      },
    }
    return loaded
  } catch (thrown) {
    await takeAway(millrace)
    throw thrown
  }
}

async function takeAway(millrace: Millrace): Promise<void> {
  millrace.api.close()
  await millrace[Symbol.asyncDispose]()
}

type NodeView = { kafkaId: number; zone: string; address: string; port: number }

export const nodesOf = async (api: Api, instanceId: string): Promise<NodeView[]> =>
  (await api.send<{ list: NodeView[] }>('GET', `/instances/${instanceId}/nodes`)).list

export const brokersOf = async (api: Api, instanceId: string): Promise<BrokerEndpoint[]> =>
  (await nodesOf(api, instanceId)).map(({ kafkaId, address, port }) => ({ kafkaId, host: address, port }))

/** For a figure: whether the books are clean, and the words for it. */
export function verdictOf(report: LedgerReport): { isClean: boolean; words: string; notes: string[] } {
  const faults = faultsOf(report)
  const { sent, send, longestAckGapMs, longestReadGapMs, slowestReadMs } = report
  return {
    isClean: faults.length === 0,
    words: faults.length === 0 ? `0 failed, lost, doubled, reordered of ${sent}` : faults.join('; '),
    notes: [
      `sends: ${timesOf(send)}`,
      `longest gap between acknowledgements ${milliseconds(longestAckGapMs)}, between reads ${milliseconds(longestReadGapMs)}; slowest from send to read ${milliseconds(slowestReadMs)}`,
      ...Object.entries(report.windows).map(([window, times]) => `  ${window}: ${timesOf(times)}`),
    ],
  }
}

const timesOf = ({ records, p50Ms, p99Ms, maxMs }: LedgerReport['send']) =>
  `${records} records, p50 ${milliseconds(p50Ms ?? 0)}, p99 ${milliseconds(p99Ms ?? 0)}, longest ${milliseconds(maxMs ?? 0)}`
