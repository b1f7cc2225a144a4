import { setTimeout as delay } from 'node:timers/promises'
import { milliseconds, type Figure } from '../figure.ts'
import { seedFleet } from '../fleet.ts'
import { makeHome, startMillrace } from '../millrace.ts'
import { median, p99 } from '../quantile.ts'
import { askSteadily } from '../steady-load.ts'

/** A fleet of ten thousand on the embedded database, under its standing duties: a page of the list, and one Instance. */
export const list: Figure = {
  name: 'list',
  what: '10,000 Instances, list with filter and sort, page of 50 / get, at 100 requests/s',
  mustReach: 'p99 < 50 ms / < 20 ms',
  limitSeconds: 400,

  async measure() {
    const home = await makeHome()
    const ids = await seedFleet(home, fleetSize)
    await using millrace = await startMillrace({ provider: 'simulated', home })
    const { api } = millrace
    // The first look at each of them, a hundred a second, writes what it sees; after that only what changes is written.
    await delay(settleMs)
    const load = { perSecond: 100, count: 1_000 }
    const askList = (index: number) => api.send('GET', `/instances?${queries[index % queries.length]}`)
    const askOne = (index: number) => api.send('GET', `/instances/${ids[(index * 7919) % ids.length]}`)
    // A server in use has compiled its code and opened its connections: its first seconds of load are not counted.
    await askSteadily({ perSecond: 100, count: 200 }, (index) => (index % 2 ? askList(index >> 1) : askOne(index)))
    const lists = await askSteadily(load, askList)
    const gets = await askSteadily(load, askOne)
    api.close()
    const [ofList, ofGet] = [p99(lists), p99(gets)]
    return {
      value: `p99 ${milliseconds(ofList)} / ${milliseconds(ofGet)}`,
      met: ofList < 50 && ofGet < 20,
      notes: [
        `median ${milliseconds(median(lists))} / ${milliseconds(median(gets))}, ready after ${milliseconds(millrace.readyMs)}`,
      ],
    }
  },
}

const fleetSize = 10_000
const settleMs = 110_000

/** What people do with the list: filters and orders of every kind, first pages and deep ones. */
const queries = [
  'page=1&size=50&state=Running&sort=name',
  'page=3&size=50&state=Running&sort=createdAt&desc=true',
  'page=150&size=50&sort=aku&desc=false',
  'page=1&size=50&keyword=fleet-07&state=Running&sort=name',
  'page=1&size=50&keyword=seeded&sort=createdAt',
  'page=1&size=50&state=Error&sort=name',
]
