import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import type { Keyring } from '../../domain/keyring.ts'
import type { Distribution } from '../../kafka/installed-distribution.ts'
import { formatWithKafka } from '../../kafka/format-with-kafka.ts'
import { verifierFileText } from '../../kafka/plain-verifiers.ts'
import { serverProperties } from '../../kafka/server-properties.ts'
import { formatStorage, isFormatted } from '../../kafka/storage-format.ts'
import type { NodeSpec } from '../provider.ts'
import { writeWhole, type NodeFolder } from './node-folder.ts'

export type NodeKafka = {
  distribution: Distribution
  features: Record<string, number> | undefined
  keyring?: Keyring | undefined
  /** Has it the program that checks passwords of SASL PLAIN? */
  takesPlain: boolean
}

/** Writes all that a node reads at its start. Its data are formatted once and never again. */
export async function prepareNodeFiles(spec: NodeSpec, folder: NodeFolder, kafka: NodeKafka): Promise<void> {
  await mkdir(dirname(folder.properties), { recursive: true })
  await mkdir(folder.log, { recursive: true })
  const stores = await writeStores(spec, folder, kafka.keyring)
  const isWritten = await writeVerifiers(spec, folder, kafka.keyring)
  const security = stores && { ...stores, verifiers: isWritten && kafka.takesPlain ? folder.verifiers : null }
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
  const { own, authority } = security
  const pems = await keyring.storesFor({ instanceId, kafkaId, address, own, authority })
  for (const [name, path] of Object.entries(stores)) await writeWhole(path, pems[name as keyof typeof pems])
  return { ...security, files: stores }
}

/** Are there users who may sign in? */
export const hasUsers = ({ security }: NodeSpec): boolean =>
  security?.listeners.some(({ method }) => method === 'sasl') ?? false

/** Of all users, as they are when it is called; false: nobody signs in here, and nothing of them stays. Kafka reads it whenever it is another. */
export async function writeVerifiers(spec: NodeSpec, folder: NodeFolder, keyring: Keyring | undefined) {
  if (!hasUsers(spec) || !keyring) {
    await rm(folder.verifiers, { force: true })
    return false
  }
  await writeWhole(folder.verifiers, verifierFileText(await keyring.verifiersFor(spec.instanceId)))
  return true
}
