import { setTimeout as delay } from 'node:timers/promises'
import type { Figure } from '../figure.ts'
import { seedFleet } from '../fleet.ts'
import { makeHome, startMillrace } from '../millrace.ts'
import { processorMs } from '../processor-time.ts'

/** A fleet that nobody touches: what its standing duties cost, Millrace and PostgreSQL together. */
export const idle: Figure = {
  name: 'idle',
  what: 'idle with 1,000 simulated Instances',
  mustReach: '< 5 % of a core',
  limitSeconds: 150,

  async measure() {
    const home = await makeHome()
    await seedFleet(home, 1_000)
    await using millrace = await startMillrace({ provider: 'simulated', home })
    millrace.api.close()
    // The first looks write what they see.
    await delay(settleMs)
    const before = await processorMs(millrace)
    await delay(spanMs)
    const share = ((await processorMs(millrace)) - before) / spanMs
    return { value: `${(share * 100).toFixed(1)} %`, met: share < 0.05, notes: [`over ${spanMs / 1000} s`] }
  },
}

const settleMs = 20_000
const spanMs = 30_000
