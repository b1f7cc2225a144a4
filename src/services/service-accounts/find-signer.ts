import type { ServiceAccount } from '../../domain/service-account.ts'
import { findSignerRow, touchAccessKey } from '../../store/access-keys.ts'
import type { ServiceContext } from '../context.ts'

/** Whoever holds the secret half of a key pair. */
export type Signer = { account: ServiceAccount; secretKey: string; lastUsedAt: Date | null }

/** Last use is for people to see what nobody uses any more: a write each minute is close enough. */
const touchEveryMs = 60_000

type SignerStore = Pick<ServiceContext, 'db' | 'environmentId' | 'secrets' | 'now'>

/** Nothing for a key that is unknown, has ended, or whose account is disabled, has expired or is of another environment. */
export async function findSigner(store: SignerStore, accessKey: string): Promise<Signer | undefined> {
  const row = await findSignerRow(store.db, accessKey, store.secrets)
  if (!row) return undefined
  const { account, key, secretKey } = row
  const now = store.now()
  const hasEnded = [key.endsAt, account.expiresAt].some((end) => end !== null && end <= now)
  if (hasEnded || account.disabledAt || account.environmentId !== store.environmentId) return undefined
  return { account, secretKey, lastUsedAt: key.lastUsedAt }
}

/** For a request whose signature was right. */
export async function noteUse(store: SignerStore, accessKey: string, lastUsedAt: Date | null): Promise<void> {
  const now = store.now()
  const unlessAfter = new Date(now.getTime() - touchEveryMs)
  if (lastUsedAt && lastUsedAt > unlessAfter) return
  await touchAccessKey(store.db, accessKey, { now, unlessAfter })
}
