import { startBareCluster } from '../bare-cluster.ts'
import { changeTimed } from '../changes.ts'
import { seconds, type Figure } from '../figure.ts'
import { startLoadedInstance, usualLoad, verdictOf } from '../loaded-instance.ts'
import { median } from '../quantile.ts'

/**
 * What Millrace adds to a roll: the same gate and the same moves in a bare loop, under the same load. One cluster after the
 * other, for two would be in each other's way.
 */
export const roll: Figure = {
  name: 'roll',
  what: `roll of 3 nodes under ${usualLoad.perSecond} records/s`,
  mustReach: '0 failed, lost, doubled, reordered; longest send < 5 s; ≤ 1.5 × the bare gated roll',
  limitSeconds: 600,

  async measure() {
    const bare = await measureBare()
    await using loaded = await startLoadedInstance()
    const { millrace, instanceId, ledger } = loaded
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const onStep = (step: string) => ledger.mark(step)
      times.push((await changeTimed(millrace.api, instanceId, { change: { restart: 'all' }, onStep })).ms)
      await ledger.mark('idle')
    }
    const report = await loaded.ledger.end()
    const { isClean, words, notes } = verdictOf(report)
    const ratio = median(times) / median(bare.times)
    const longestMs = report.send.maxMs ?? Infinity
    return {
      value: `${words}; longest send ${seconds(longestMs)}; ${ratio.toFixed(2)} × (${seconds(median(times))} against ${seconds(median(bare.times))})`,
      met: isClean && longestMs < 5_000 && ratio <= 1.5,
      notes: [
        `bare: ${bare.times.map(seconds).join(', ')}; longest send ${seconds(bare.longestMs)}`,
        `by Millrace: ${times.map(seconds).join(', ')}`,
        ...notes,
      ],
    }
  },
}

const rounds = 3

async function measureBare(): Promise<{ times: number[]; longestMs: number }> {
  await using cluster = await startBareCluster(usualLoad)
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await cluster.roll())
  return { times, longestMs: (await cluster.end()).send.maxMs ?? 0 }
}
