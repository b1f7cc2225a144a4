import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Distribution } from '../../kafka/installed-distribution.ts'
import { formatWithKafka } from '../../kafka/format-with-kafka.ts'
import { serverProperties } from '../../kafka/server-properties.ts'
import { formatStorage, isFormatted } from '../../kafka/storage-format.ts'
import type { NodeSpec } from '../provider.ts'
import type { NodeFolder } from './node-folder.ts'

/** Writes all that a node reads at its start. Its data are formatted once and never again. */
export async function prepareNodeFiles(
  spec: NodeSpec,
  folder: NodeFolder,
  kafka: { distribution: Distribution; features: Record<string, number> | undefined },
): Promise<void> {
  await mkdir(dirname(folder.properties), { recursive: true })
  await mkdir(folder.log, { recursive: true })
  await writeFile(folder.properties, serverProperties(spec, folder.data), { mode: 0o600 })
  if (await isFormatted(folder.data)) return
  const isVoter = spec.roles.includes('controller')
  if (kafka.features) {
    await formatStorage(folder.data, { ...spec, isVoter, features: kafka.features, timestampMs: Date.now() })
  } else {
    const { properties: propertiesFile, data: dataFolder } = folder
    await formatWithKafka({ ...spec, isVoter, distribution: kafka.distribution, propertiesFile, dataFolder })
  }
}
