import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import type { Keyring } from '../../domain/keyring.ts'
import type { Distribution } from '../../kafka/installed-distribution.ts'
import { formatWithKafka } from '../../kafka/format-with-kafka.ts'
import { serverProperties } from '../../kafka/server-properties.ts'
import { formatStorage, isFormatted } from '../../kafka/storage-format.ts'
import type { NodeSpec } from '../provider.ts'
import { writeWhole, type NodeFolder } from './node-folder.ts'

/** Writes all that a node reads at its start. Its data are formatted once and never again. */
export async function prepareNodeFiles(
  spec: NodeSpec,
  folder: NodeFolder,
  kafka: { distribution: Distribution; features: Record<string, number> | undefined; keyring?: Keyring | undefined },
): Promise<void> {
  await mkdir(dirname(folder.properties), { recursive: true })
  await mkdir(folder.log, { recursive: true })
  const security = await writeStores(spec, folder, kafka.keyring)
  await writeFile(folder.properties, serverProperties({ ...spec, security }, folder.data), { mode: 0o600 })
  if (await isFormatted(folder.data)) return
  const isVoter = spec.roles.includes('controller')
  if (kafka.features) {
    await formatStorage(folder.data, { ...spec, isVoter, features: kafka.features, timestampMs: Date.now() })
  } else {
    const { properties: propertiesFile, data: dataFolder } = folder
    await formatWithKafka({ ...spec, isVoter, distribution: kafka.distribution, propertiesFile, dataFolder })
  }
}

/** New certificates at every start, and whenever others are wanted. Kafka reads all of them, or none. */
export async function writeStores(spec: NodeSpec, { stores }: NodeFolder, keyring: Keyring | undefined) {
  const { security, instanceId, kafkaId, address } = spec
  if (!security) return undefined
  if (!keyring) throw new AppError('bug', 'Node.NoKeyring', 'A secured node needs keys, and there is no keyring here.')
  const { own } = security
  const pems = await keyring.storesFor({ instanceId, kafkaId, address, own })
  for (const [name, path] of Object.entries(stores)) await writeWhole(path, pems[name as keyof typeof pems])
  return { ...security, files: stores }
}
