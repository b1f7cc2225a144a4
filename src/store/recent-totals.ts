/**
 * Totals that need not be counted again: asked within the second, and nothing has happened since. Every change that people
 * see writes an event in its own transaction, so as long as the newest event is the same, the total is.
 */
export type RecentTotals = {
  /** `newestEvent`: as the caller saw it before it asks. */
  get(asked: { question: string; newestEvent: number | null }, count: () => Promise<number>): Promise<number>
}

/** Whatever changed without an event is seen after this. */
const longestMs = 1_000

export function makeRecentTotals(elapsedMs: () => number = () => performance.now()): RecentTotals {
  let totals = new Map<string, Promise<number>>()
  let since: { event: number | null; at: number } | undefined
  return {
    get({ question, newestEvent }, count) {
      if (!since || since.event !== newestEvent || elapsedMs() - since.at >= longestMs) {
        since = { event: newestEvent, at: elapsedMs() }
        totals = new Map()
      }
      const known = totals.get(question)
      if (known) return known
      const mine = totals
      const counted = count()
      mine.set(question, counted)
      counted.catch(() => mine.delete(question))
      return counted
    },
  }
}
