import { seconds, type Figure } from '../figure.ts'
import { createTimed, deleteTimed } from '../instances.ts'
import { startMillrace } from '../millrace.ts'

/** Three real nodes, from the request until the Instance is proven gone: processes, addresses, folders. */
export const del: Figure = {
  name: 'delete',
  what: 'delete, to gone',
  mustReach: '≤ 10 s',
  limitSeconds: 240,

  async measure() {
    await using millrace = await startMillrace({ provider: 'local' })
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const { id } = await createTimed(millrace.api, 'local')
      times.push(await deleteTimed(millrace.api, id))
    }
    millrace.api.close()
    const longest = Math.max(...times)
    return {
      value: `${seconds(longest)} at most`,
      met: longest <= 10_000,
      notes: [`each: ${times.map(seconds).join(', ')}`],
    }
  },
}

const rounds = 3
