import { readCatalogue } from '../../src/kafka/catalogue.ts'
import { makeLocalProvider } from '../../src/providers/local/local-provider.ts'
import type { NodeSpec } from '../../src/providers/provider.ts'
import { catalogueFile } from './real-home.ts'

/** Another Millrace process, as far as a provider can tell: waits for a line, ensures the one node, says `ensured`. */
const { home, homeId, spec } = JSON.parse(process.argv[2]!) as { home: string; homeId: string; spec: NodeSpec }
const provider = makeLocalProvider({ home, homeId, catalogue: readCatalogue(catalogueFile) })
while (!(await provider.prepareVersion(spec.version)).ready) await new Promise((resolve) => setTimeout(resolve, 10))
process.stdout.write('prepared\n')
process.stdin.once('data', async () => {
  await provider.ensureNode(spec, { epoch: 1 })
  process.stdout.write('ensured\n')
  process.exit(0)
})
