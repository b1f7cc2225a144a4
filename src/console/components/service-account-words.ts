import type { ServiceAccount } from '../api-types.ts'
import { formatDuration } from '../format.ts'
import type { Words } from '../words.ts'

const day = 24 * 3600_000
/** Time enough to give programs another end, or another account. */
const warnedMs = 14 * day

/** How an account stands, and when that ends. */
export function accountWords({ isDisabled, expiresAt }: ServiceAccount, now: number): Words {
  if (isDisabled) return { label: 'Disabled', tone: 'calm', meaning: 'Its requests are refused.' }
  if (expiresAt === null) return { label: 'Active', tone: 'good', meaning: 'Its requests are answered; it has no end.' }
  const leftMs = Date.parse(expiresAt) - now
  if (leftMs <= 0) return { label: 'Expired', tone: 'bad', meaning: 'Its requests are refused. Give it a later end.' }
  if (leftMs > warnedMs) return { label: 'Active', tone: 'good', meaning: 'Its requests are answered.' }
  const left = formatDuration(leftMs < day ? leftMs : Math.floor(leftMs / day) * day)
  return {
    label: `Ends in ${left}`,
    tone: 'warn',
    meaning: 'After that its requests are refused. Give it a later end.',
  }
}

/** The key pair before the newest one, while it goes on beside it. */
export function formerKeyEndsAt({ accessKeys }: ServiceAccount, now: number): string | undefined {
  return accessKeys.slice(1).find(({ endsAt }) => endsAt !== null && Date.parse(endsAt) > now)?.endsAt ?? undefined
}
