import { newInstance } from '../api.ts'
import { milliseconds, type Figure } from '../figure.ts'
import { startMillrace } from '../millrace.ts'
import { median, p99 } from '../quantile.ts'
import { askSteadily } from '../steady-load.ts'

/** A create is a decision written down, so it is answered at once, also while others are being carried out. */
export const post: Figure = {
  name: 'post',
  what: 'POST answered',
  mustReach: 'p99 < 50 ms',
  limitSeconds: 90,

  async measure() {
    await using millrace = await startMillrace({ provider: 'simulated' })
    const { api } = millrace
    const create = () => api.send('POST', '/instances', newInstance('sim'))
    // The first ones find code that has never run.
    await askSteadily({ perSecond: 5, count: 15 }, create)
    const times = await askSteadily({ perSecond: 5, count: 150 }, create)
    const yardstick = await askSteadily({ perSecond: 5, count: 50 }, () => api.send('GET', '/versions'))
    api.close()
    const worst = p99(times)
    return {
      value: `p99 ${milliseconds(worst)}`,
      met: worst < 50,
      notes: [
        `${times.length} POSTs at 5 a second, median ${milliseconds(median(times))}`,
        `the least request, on the same machine: median ${milliseconds(median(yardstick))}, p99 ${milliseconds(p99(yardstick))}`,
      ],
    }
  },
}
