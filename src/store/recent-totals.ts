/**
 * Totals that need not be counted again: asked within the second, and nothing has happened since. Every change that people
 * see writes an event in its own transaction, so as long as the newest event is the same, the total is.
 */
export type RecentTotals = {
  /** `newestEvent`: as the caller saw it before it asks. */
  get(asked: { question: string; newestEvent: number | null }, count: () => Promise<number>): Promise<number>
  /** What it was when it was counted last, if that is not long ago: good enough to choose a way by. */
  about(question: string): number | undefined
}

/** Whatever changed without an event is seen after this. */
const longestMs = 1_000

type Totals = Map<string, { counting: Promise<number>; total?: number }>

export function makeRecentTotals(elapsedMs: () => number = () => performance.now()): RecentTotals {
  let totals: Totals = new Map()
  let before: Totals = new Map()
  let since: { event: number | null; at: number } | undefined

  const keep = async (asked: Totals, question: string, counting: Promise<number>) => {
    try {
      asked.set(question, { counting, total: await counting })
    } catch {
      asked.delete(question)
    }
  }

  return {
    get({ question, newestEvent }, count) {
      if (!since || since.event !== newestEvent || elapsedMs() - since.at >= longestMs) {
        since = { event: newestEvent, at: elapsedMs() }
        before = totals
        totals = new Map()
      }
      const known = totals.get(question)
      if (known) return known.counting
      const counting = count()
      totals.set(question, { counting })
      void keep(totals, question, counting)
      return counting
    },
    about: (question) => totals.get(question)?.total ?? before.get(question)?.total,
  }
}
