import { newInstance, type Api } from '../api.ts'
import { seconds, type Figure } from '../figure.ts'
import { createTimed } from '../instances.ts'
import { startMillrace } from '../millrace.ts'
import { median } from '../quantile.ts'

/** Creates beside an Instance whose nodes run and answer nothing, against the same creates without it. */
export const hang: Figure = {
  name: 'hang',
  what: 'one Instance whose nodes hang: delay of any other',
  mustReach: '≤ 2 s',
  limitSeconds: 120,

  async measure() {
    await using millrace = await startMillrace({ provider: 'simulated' })
    const { api } = millrace
    await createTogether(api)
    const without = await createTogether(api)
    const configs = [{ key: 'simulated.fault', value: 'hangs' }]
    await api.send('POST', '/instances', newInstance('sim', { features: { instanceConfigs: configs } }))
    const beside = await createTogether(api)
    api.close()
    const worst = Math.max(...beside) - median(without)
    return {
      value: `${seconds(worst)} at most`,
      met: worst <= 2_000,
      notes: [
        `without: median ${seconds(median(without))}, longest ${seconds(Math.max(...without))}`,
        `beside it: median ${seconds(median(beside))}, longest ${seconds(Math.max(...beside))}`,
      ],
    }
  },
}

const others = 20

const createTogether = (api: Api): Promise<number[]> =>
  Promise.all(Array.from({ length: others }, async () => (await createTimed(api, 'sim')).ms))
