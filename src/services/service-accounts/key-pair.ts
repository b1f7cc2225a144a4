import { accessKeyFrom, type ServiceAccountId } from '../../domain/id.ts'
import { insertAccessKey } from '../../store/access-keys.ts'
import type { Tx } from '../../store/database.ts'
import type { ServiceContext } from '../context.ts'

/** What a service account signs with. The secret half is shown once, to whoever asked for the pair. */
export type KeyPair = { accessKey: string; secretKey: string }

export const makeKeyPair = (random: (bytes: number) => Uint8Array): KeyPair => ({
  accessKey: accessKeyFrom(random(16)),
  secretKey: Buffer.from(random(24)).toString('hex'),
})

type KeyStore = Pick<ServiceContext, 'secrets' | 'now'>

export async function addKeyPair(
  tx: Tx,
  { secrets, now }: KeyStore,
  { accountId, pair }: { accountId: ServiceAccountId; pair: KeyPair },
): Promise<void> {
  const { accessKey, secretKey } = pair
  const key = { accessKey, serviceAccountId: accountId, createdAt: now(), endsAt: null, lastUsedAt: null }
  await insertAccessKey(tx, key, { secretKey, box: secrets })
}
