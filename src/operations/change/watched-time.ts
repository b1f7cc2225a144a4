/** Time in which somebody looked: of a pause, or of a night without Millrace, no more counts than lies between two looks. */
export type WatchedTime = { watchedMs: number; lookedAtMs: number }

const longestGapMs = 5_000

export const beginWatching = (now: Date): WatchedTime => ({ watchedMs: 0, lookedAtMs: now.getTime() })

/** As of now, whether or not this is a look. */
export function watchedUntil({ watchedMs, lookedAtMs }: WatchedTime, now: Date): number {
  return watchedMs + Math.min(longestGapMs, Math.max(0, now.getTime() - lookedAtMs))
}

/** Somebody looks. */
export const watchOn = (time: WatchedTime, now: Date): WatchedTime => ({
  watchedMs: watchedUntil(time, now),
  lookedAtMs: now.getTime(),
})
