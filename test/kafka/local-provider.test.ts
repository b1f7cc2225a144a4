import { setTimeout as delay } from 'node:timers/promises'
import { describeProvider } from '../../src/providers/conformance.ts'
import { makeRealHome } from './real-home.ts'

describeProvider('local', async () => {
  const home = await makeRealHome()
  return {
    provider: home.provider,
    reopen: () => home.open(),
    version: home.version,
    specsFor: home.specsFor,
    pass: (ms) => delay(ms),
    cleanUp: home.cleanUp,
  }
})
