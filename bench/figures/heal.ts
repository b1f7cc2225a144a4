import { startBareCluster, awaitHealthy } from '../bare-cluster.ts'
import { awaitQuiet } from '../changes.ts'
import { seconds, type Figure } from '../figure.ts'
import { brokersOf, startLoadedInstance, verdictOf, usualLoad, type LoadedInstance } from '../loaded-instance.ts'
import { killNode } from '../nodes.ts'
import { median } from '../quantile.ts'

/** A node is killed: how long until it is back and all its partitions are in sync, against starting it again by hand at once. */
export const heal: Figure = {
  name: 'heal',
  what: 'dead node back in service',
  mustReach: '≤ 1.5 × its bare restart + 5 s',
  limitSeconds: 400,

  async measure() {
    const bare = await measureBare()
    await using loaded = await startLoadedInstance()
    const whole: number[] = []
    for (const kafkaId of victims) whole.push(await healTimed(loaded, kafkaId))
    const { isClean, words, notes } = verdictOf(await loaded.ledger.end())
    const limitMs = 1.5 * median(bare) + 5_000
    return {
      value: `${seconds(median(whole))} against ${seconds(median(bare))}; ${words}`,
      met: median(whole) <= limitMs && isClean,
      notes: [`bare: ${bare.map(seconds).join(', ')}`, `by Millrace: ${whole.map(seconds).join(', ')}`, ...notes],
    }
  },
}

const victims = [3, 2, 1]

async function measureBare(): Promise<number[]> {
  await using cluster = await startBareCluster(usualLoad)
  const times: number[] = []
  for (const kafkaId of victims) times.push(await cluster.restartDead(kafkaId))
  return times
}

async function healTimed({ millrace, homeId, instanceId, ledger }: LoadedInstance, kafkaId: number): Promise<number> {
  const brokers = await brokersOf(millrace.api, instanceId)
  await ledger.mark('healing')
  const begun = performance.now()
  await killNode(homeId, instanceId, kafkaId)
  await awaitHealthy(brokers)
  const took = performance.now() - begun
  await ledger.mark('idle')
  await awaitQuiet(millrace.api, instanceId)
  return took
}
