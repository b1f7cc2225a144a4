import { newInstance } from '../api.ts'
import { milliseconds, type Figure } from '../figure.ts'
import { awaitRunning } from '../instances.ts'
import { startMillrace } from '../millrace.ts'
import { median, p99 } from '../quantile.ts'
import { askSteadily } from '../steady-load.ts'

/** Ten thousand topics in one Instance, made through the API: pages of the list, while topics still come and go. */
export const topics: Figure = {
  name: 'topics',
  what: '10,000 topics, list with filter and sort, page of 50, at 20 requests/s / a topic created meanwhile',
  mustReach: 'p99 < 1 s / < 1 s',
  limitSeconds: 300,

  async measure() {
    await using millrace = await startMillrace({ provider: 'simulated' })
    const { api } = millrace
    const { instanceId } = await api.send<{ instanceId: string }>('POST', '/instances', newInstance('sim'))
    await awaitRunning(api, instanceId)
    const path = `/instances/${instanceId}/topics`
    const create = (index: number) =>
      api.send('POST', path, { name: `team-${index % 100}.topic-${index}`, partition: 1 + (index % 12) })
    const makingMs = await timed(() => createAll(create))
    const askList = (index: number) => api.send('GET', `${path}?${queries[index % queries.length]}`)
    await askSteadily({ perSecond: 20, count: 40 }, askList)
    const creating = askSteadily({ perSecond: 2, count: 40 }, (index) => create(topicCount + index))
    const lists = await askSteadily({ perSecond: 20, count: 400 }, askList)
    const creates = await creating
    api.close()
    const [ofList, ofCreate] = [p99(lists), p99(creates)]
    return {
      value: `p99 ${milliseconds(ofList)} / ${milliseconds(ofCreate)}`,
      met: ofList < 1_000 && ofCreate < 1_000,
      notes: [
        `median ${milliseconds(median(lists))} / ${milliseconds(median(creates))}`,
        `${topicCount} topics made in ${milliseconds(makingMs)}`,
      ],
    }
  },
}

const topicCount = 10_000
const atOnce = 20

async function createAll(create: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < topicCount) await create(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

const queries = [
  'page=1&size=50',
  'page=100&size=50&sort=size&desc=true',
  'page=1&size=50&keyword=team-42',
  'page=3&size=50&sort=partition&desc=true',
  'page=1&size=50&keyword=team-7.topic-7',
]
