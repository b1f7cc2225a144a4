/** How sending to a receiver goes, and what follows from its answer. Pure. */
export type Verdict =
  | { kind: 'taken' }
  /** It may take the same later. */
  | { kind: 'later'; why: string; retryAfterSeconds: number | null }
  /** It will never take this: it is dropped, and the words are kept. `isOfContent`: some of it alone it may take. */
  | { kind: 'refused'; why: string; isOfContent: boolean }

export type ReceiverAnswer = {
  status: number
  /** The header, as it came. */
  retryAfter: string | null
  /** What a person may read of the body. */
  words: string
  /** Where it wants to be asked instead. */
  location: string | null
}

/** Prometheus' own rule: what is not the sender's fault, or is too much at once, is tried again; all else never. */
export function verdictOn(answer: ReceiverAnswer, now: Date): Verdict {
  const { status, location, words } = answer
  const why = `It answered ${status}${words ? `: ${words}` : ''}`
  if (status >= 200 && status < 300) return { kind: 'taken' }
  if (status === 429 || status >= 500) {
    return { kind: 'later', why, retryAfterSeconds: retryAfterSeconds(answer.retryAfter, now) }
  }
  if (status >= 300 && status < 400) {
    const where = location && URL.canParse(location) ? ` (${new URL(location).origin})` : ''
    return {
      kind: 'refused',
      why: `It answered ${status} and points elsewhere${where}: Millrace follows nobody with a password. Give the address itself`,
      isOfContent: false,
    }
  }
  return { kind: 'refused', why, isOfContent: status === 400 || status === 413 }
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

/** Prometheus takes nothing that is an hour older than the newest it has: what waited longer would only be refused. */
export const longestWaitMs = 50 * 60_000

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
      ? ['cannot take them', `They wait for up to ${longestWaitMs / 60_000} minutes.`]
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
  /** When there were samples last. */
  measuredAt: Date | null
  /** When there must be others. */
  measureDueAt: Date | null
}

/** Samples are missed after so many looks that brought none. */
export const missedLooks = 4

export const deliveryStates = ['off', 'beginning', 'delivering', 'waiting', 'refused', 'unmeasured'] as const
export type DeliveryState = (typeof deliveryStates)[number]

export function deliveryState(delivery: Delivery | undefined, now: Date): DeliveryState {
  if (!delivery) return 'off'
  const { failures, lastErrorAt, lastSuccessAt, measureDueAt } = delivery
  if (failures > 0) return 'waiting'
  if (lastErrorAt && (!lastSuccessAt || lastErrorAt >= lastSuccessAt)) return 'refused'
  if (measureDueAt && measureDueAt < now) return 'unmeasured'
  return lastSuccessAt ? 'delivering' : 'beginning'
}

/** What a person reads, and may do. */
export const deliveryAdvice: Record<DeliveryState, string> = {
  off: 'Metrics are not sent anywhere. Switch the exporter on to have them in your own Prometheus.',
  beginning: 'The first metrics go out within half a minute.',
  delivering: 'The receiver takes what it is sent.',
  waiting: `The receiver cannot be reached, or cannot take metrics now. They wait here for up to ${longestWaitMs / 60_000} minutes and go out when it answers. See that it runs, and that this machine reaches its address.`,
  refused:
    'The receiver refuses what it is sent, and that is dropped. Look at its words: most often the address, the user or the token is wrong. Put it right here; nothing restarts.',
  unmeasured:
    'The receiver takes what it is sent, but there is nothing to send: Millrace has not measured this Instance for a while. It does so while the Instance is Running, Changing or in Error, also when no node answers.',
}
