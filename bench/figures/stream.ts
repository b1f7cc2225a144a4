import { newInstance } from '../api.ts'
import { milliseconds, type Figure } from '../figure.ts'
import { awaitRunning } from '../instances.ts'
import { startMillrace } from '../millrace.ts'
import { median, p99 } from '../quantile.ts'

/** Five hundred open pages: how long until a change that one person makes has reached every one of them. */
export const stream: Figure = {
  name: 'stream',
  what: 'change to screen over server-sent events, 500 clients',
  mustReach: 'p99 < 500 ms',
  limitSeconds: 120,

  async measure() {
    await using millrace = await startMillrace({ provider: 'simulated' })
    const { api } = millrace
    const { instanceId } = await api.send<{ instanceId: string }>('POST', '/instances', newInstance('sim'))
    await awaitRunning(api, instanceId)
    const audience = makeAudience()
    const streams = await Promise.all(Array.from({ length: clients }, () => api.open('/events/stream')))
    for (const response of streams) response.on('data', (part: Buffer) => audience.hear(part.toString()))

    const times: number[] = []
    for (let change = 0; change < changes; change++) {
      const name = `renamed-${change}`
      const heard = audience.listenFor(name)
      const begun = performance.now()
      await api.send('PATCH', `/instances/${instanceId}`, { name })
      times.push(...(await heard).map((at) => at - begun))
    }
    for (const response of streams) response.destroy()
    api.close()
    const worst = p99(times)
    return {
      value: `p99 ${milliseconds(worst)}`,
      met: worst < 500,
      notes: [
        `${changes} changes to ${clients} clients, median ${milliseconds(median(times))}, worst ${milliseconds(Math.max(...times))}`,
      ],
    }
  },
}

const clients = 500
const changes = 40

/** Collects when the words came to each client. */
function makeAudience() {
  let words = ''
  let times: number[] = []
  let all = Promise.withResolvers<number[]>()
  return {
    listenFor(next: string): Promise<number[]> {
      words = next
      times = []
      all = Promise.withResolvers()
      return all.promise
    },
    hear(text: string): void {
      if (words === '' || !text.includes(words)) return
      times.push(performance.now())
      if (times.length === clients) all.resolve(times)
    },
  }
}
