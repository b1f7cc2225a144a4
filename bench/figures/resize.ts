import { setTimeout as delay } from 'node:timers/promises'
import type { PartitionState } from '../../src/domain/observation.ts'
import { makeKafkaClusters } from '../../src/kafka/admin-client.ts'
import { changeTimed } from '../changes.ts'
import { copiesBetween, leastCopies, unevennessOf } from '../evenness.ts'
import { milliseconds, seconds, type Figure } from '../figure.ts'
import {
  brokersOf,
  nodesOf,
  settleMs,
  startLoadedInstance,
  usualLoad,
  verdictOf,
  type LoadedInstance,
} from '../loaded-instance.ts'

/** Two nodes come and go again, with a gibibyte of data and clients that must not notice. */
export const resize: Figure = {
  name: 'resize',
  what: `3 → 5 → 3 nodes with 1 GiB and 60 partitions under ${usualLoad.perSecond} records/s`,
  mustReach:
    '0 failed, lost, doubled, reordered; p99 ≤ 2 × idle while data moves; even within one; moves ≤ 1.1 × the least',
  limitSeconds: 2_400,

  async measure() {
    await using loaded = await startLoadedInstance({ partitions: 60, preloadMiB: 1024 })
    await delay(idleMs)
    const grown = await resizeTo(loaded, 10)
    await delay(settleMs)
    const outcomes = [grown, await resizeTo(loaded, 6)]
    const report = await loaded.ledger.end()
    const { isClean, words, notes } = verdictOf(report)
    const moving = Math.max(...movingWindows.map((window) => report.windows[window]?.p99Ms ?? 0))
    const idle = report.windows['idle']?.p99Ms ?? 0
    const isEven = outcomes.every(({ unevenness }) => unevenness.replicas <= 1 && unevenness.leaders <= 1)
    const isThrifty = outcomes.every(({ copied, least }) => copied <= 1.1 * least)
    return {
      value: [
        words,
        `p99 ${milliseconds(moving)} against ${milliseconds(idle)} idle (${(moving / idle).toFixed(2)} ×)`,
        isEven ? 'even within one' : 'not even',
        ...outcomes.map(({ copied, least }) => `${copied} replicas moved of at least ${least}`),
      ].join('; '),
      met: isClean && moving > 0 && moving <= 2 * idle && isEven && isThrifty,
      notes: [...outcomes.map((outcome) => outcome.words), ...notes],
    }
  },
}

/** Long enough for a p99 that is the same in every run: 30 s of records gave 20 ms once and 57 ms the next time. */
const idleMs = 120_000
/** The steps during which data moves. */
const movingWindows = ['spread-replicas', 'move-replicas']

async function resizeTo({ millrace, instanceId, ledger }: LoadedInstance, reservedAku: number) {
  const { api } = millrace
  const before = await partitionsOf(api, instanceId)
  const { ms } = await changeTimed(api, instanceId, { change: { reservedAku }, onStep: (step) => ledger.mark(step) })
  await ledger.mark('between')
  const [after, seats] = [await partitionsOf(api, instanceId), await nodesOf(api, instanceId)]
  const copied = copiesBetween(before, after)
  const least = leastCopies(before, seats)
  const unevenness = unevennessOf(after, seats)
  const gaps = `nodes differ by ${unevenness.replicas} replicas and ${unevenness.leaders} leaders of a topic at most`
  return { copied, least, unevenness, words: `to ${seats.length} nodes in ${seconds(ms)}; ${gaps}` }
}

async function partitionsOf(api: LoadedInstance['millrace']['api'], instanceId: string): Promise<PartitionState[]> {
  return (await makeKafkaClusters().observe(await brokersOf(api, instanceId))).partitions
}
