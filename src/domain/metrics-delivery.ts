/** How sending to a receiver goes, and what follows from its answer. Pure. */
export type Verdict =
  | { kind: 'taken' }
  /** It may take the same later. */
  | { kind: 'later'; why: string; retryAfterSeconds: number | null }
  /** It will never take this: it is dropped, and the words are kept. */
  | { kind: 'refused'; why: string }

export type ReceiverAnswer = {
  status: number
  /** The header, as it came. */
  retryAfter: string | null
  /** The beginning of the body. */
  words: string
  /** Where it wants to be asked instead. */
  location: string | null
}

/** Prometheus' own rule: what is not the sender's fault, or is too much at once, is tried again; all else never. */
export function verdictOn(answer: ReceiverAnswer, now: Date): Verdict {
  const { status, location } = answer
  const said = answer.words.trim().replace(/\s+/g, ' ').slice(0, 200)
  const why = `It answered ${status}${said ? `: ${said}` : ''}`
  if (status >= 200 && status < 300) return { kind: 'taken' }
  if (status === 429 || status >= 500) {
    return { kind: 'later', why, retryAfterSeconds: retryAfterSeconds(answer.retryAfter, now) }
  }
  if (status >= 300 && status < 400) {
    const where = location && URL.canParse(location) ? ` (${new URL(location).origin})` : ''
    return {
      kind: 'refused',
      why: `It answered ${status} and points elsewhere${where}: Millrace follows nobody with a password. Give the address itself`,
    }
  }
  return { kind: 'refused', why }
}

const longestRetryAfterSeconds = 3_600

function retryAfterSeconds(header: string | null, now: Date): number | null {
  if (header === null) return null
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000
  return Number.isFinite(seconds) ? Math.min(longestRetryAfterSeconds, Math.max(0, Math.ceil(seconds))) : null
}

const firstPauseSeconds = 5
const longestPauseSeconds = 300

/** `failures` in a row, from 1. `chance` from 0 to 1 keeps many senders from coming all at once. */
export function pauseSeconds(failures: number, { asked, chance }: { asked: number | null; chance: number }): number {
  const doubled = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.min(failures - 1, 10))
  return Math.max(asked ?? 0, doubled * (0.75 + chance / 2))
}

/** Without one sample taken, until it is news: a receiver that restarts is none. */
const newsAfterMs = 5 * 60_000

/** What the Activity should say of an answer; null: nothing new. */
export function newsOf(
  verdict: Verdict,
  { lastSuccessAt, troubleTold, now }: { lastSuccessAt: Date | null; troubleTold: boolean; now: Date },
): { isTrouble: boolean; message: string } | null {
  if (verdict.kind === 'taken') {
    return troubleTold ? { isTrouble: false, message: 'The receiver of the metrics takes them again.' } : null
  }
  if (troubleTold || (lastSuccessAt && now.getTime() - lastSuccessAt.getTime() < newsAfterMs)) return null
  const [what, then] =
    verdict.kind === 'later'
      ? ['cannot take them', 'They wait for up to an hour.']
      : ['refuses them', 'They are dropped until this is put right.']
  return { isTrouble: true, message: `Metrics do not arrive: the receiver ${what}. ${verdict.why}. ${then}` }
}

/** How it stands with an exporter. Samples. */
export type Delivery = {
  lastSuccessAt: Date | null
  lastError: string | null
  lastErrorAt: Date | null
  /** In a row, until now. */
  failures: number
  retryAt: Date | null
  queued: number
  /** Since it was switched on: never taken, or too old to wait longer. */
  dropped: number
  samplesPerMinute: number
}

export const deliveryStates = ['off', 'beginning', 'delivering', 'waiting', 'refused'] as const
export type DeliveryState = (typeof deliveryStates)[number]

export function deliveryState(delivery: Delivery | undefined): DeliveryState {
  if (!delivery) return 'off'
  const { failures, lastErrorAt, lastSuccessAt } = delivery
  if (failures > 0) return 'waiting'
  if (lastErrorAt && (!lastSuccessAt || lastErrorAt >= lastSuccessAt)) return 'refused'
  return lastSuccessAt ? 'delivering' : 'beginning'
}

/** What a person reads, and may do. */
export const deliveryAdvice: Record<DeliveryState, string> = {
  off: 'Metrics are not sent anywhere. Switch the exporter on to have them in your own Prometheus.',
  beginning: 'The first metrics go out within half a minute.',
  delivering: 'The receiver takes what it is sent.',
  waiting:
    'The receiver cannot be reached, or cannot take metrics now. They wait here for up to an hour and go out when it answers. See that it runs, and that this machine reaches its address.',
  refused:
    'The receiver refuses what it is sent, and that is dropped. Look at its words: most often the address, the user or the token is wrong. Put it right here; nothing restarts.',
}
