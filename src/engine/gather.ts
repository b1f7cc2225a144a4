/**
 * Collects what comes one by one and hands it on together, within a moment: many small writes cost the database far more
 * than one that says the same.
 */
export type Gatherer<T> = {
  add(item: T): void
  /** Hands on what is left, and waits for all that was handed on. */
  flush(): Promise<void>
}

export function gather<T>(withinMs: number, handOn: (items: T[]) => Promise<void>): Gatherer<T> {
  let items: T[] = []
  let timer: NodeJS.Timeout | undefined
  let handing: Promise<void> = Promise.resolve()

  const hand = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const together = items
    items = []
    // One after the other: what was found first is never written last.
    if (together.length > 0) handing = handing.then(() => handOn(together))
    return handing
  }

  return {
    add(item) {
      items.push(item)
      timer ??= setTimeout(hand, withinMs)
    },
    flush: hand,
  }
}
