import { setTimeout as delay } from 'node:timers/promises'
import { rm } from 'node:fs/promises'
import { describeProvider } from '../../src/providers/conformance.ts'
import { nodeFolder } from '../../src/providers/local/node-folder.ts'
import { makeRealHome } from './real-home.ts'

describeProvider('local', async () => {
  const home = await makeRealHome()
  return {
    provider: home.provider,
    reopen: () => home.open(),
    version: '4.2.1',
    laterVersion: home.version,
    specsFor: async (nodeCount) => await home.specsFor(nodeCount, { version: '4.2.1' }),
    loseStorage: async ({ instanceId, kafkaId }) =>
      await rm(nodeFolder({ home: home.home, instanceId, kafkaId }).data, { recursive: true }),
    pass: (ms) => delay(ms),
    cleanUp: home.cleanUp,
  }
})
