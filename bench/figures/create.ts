import { setTimeout as delay } from 'node:timers/promises'
import { judgeHealth } from '../../src/domain/rolling.ts'
import { makeKafkaClusters } from '../../src/kafka/admin-client.ts'
import { brokersOf, makeRealHome, type RealHome } from '../../test/kafka/real-home.ts'
import { seconds, type Figure } from '../figure.ts'
import { createTimed, deleteTimed } from '../instances.ts'
import { takenAwayAtLast } from '../leftovers.ts'
import { startMillrace } from '../millrace.ts'
import { median } from '../quantile.ts'

/**
 * What Millrace adds to Kafka's own start: three real nodes by POST, against the same three started by the provider's own
 * building blocks in a bare loop to the same proof. Pairs one after the other, so that both meet the same machine.
 */
export const create: Figure = {
  name: 'create',
  what: 'create, 3 nodes, POST to Running with canary',
  mustReach: '≤ 2 × the bare start',
  limitSeconds: 300,

  async measure() {
    await using millrace = await startMillrace({ provider: 'local' })
    const home = await makeRealHome()
    const takeAway = takenAwayAtLast(() => home.cleanUp())
    const [bare, whole]: number[][] = [[], []]
    try {
      await home.ready()
      for (let pair = 0; pair < pairs; pair++) {
        bare!.push(await startBare(home))
        const { id, ms } = await createTimed(millrace.api, 'local')
        whole!.push(ms)
        await deleteTimed(millrace.api, id)
      }
    } finally {
      await takeAway()
      millrace.api.close()
    }
    const ratio = median(whole!) / median(bare!)
    const times = (samples: number[]) => samples.map(seconds).join(', ')
    return {
      value: `${ratio.toFixed(2)} × (${seconds(median(whole!))} against ${seconds(median(bare!))})`,
      met: ratio <= 2,
      notes: [`bare: ${times(bare!)}`, `by POST: ${times(whole!)}`],
    }
  },
}

const pairs = 5
const betweenLooksMs = 20

async function startBare({ provider, specsFor }: RealHome): Promise<number> {
  const clusters = makeKafkaClusters()
  const specs = await specsFor(3)
  const brokers = brokersOf(specs)
  const ids = brokers.map(({ kafkaId }) => kafkaId)
  const begun = performance.now()
  await Promise.all(specs.map((spec) => provider.ensureNode(spec, { epoch: 1 })))
  while (!judgeHealth(await clusters.observe(brokers), { brokers: ids, voters: ids }).healthy)
    await delay(betweenLooksMs)
  await clusters.canary(brokers)
  const took = performance.now() - begun
  for (const { instanceId, kafkaId } of specs) {
    while ((await provider.removeNode(instanceId, kafkaId, { epoch: 1 })).length > 0) await delay(betweenLooksMs)
  }
  return took
}
