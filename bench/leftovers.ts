/** What a bench has begun and must take away again, also when it is interrupted or gives a figure up. */
const open: (() => Promise<void>)[] = []

/** The same, done once and then forgotten. */
export function takenAwayAtLast(takeAway: () => Promise<void>): () => Promise<void> {
  const onlyOnce = async () => {
    const at = open.indexOf(onlyOnce)
    if (at < 0) return
    open.splice(at, 1)
    await takeAway()
  }
  open.push(onlyOnce)
  return onlyOnce
}

/** Last first. What cannot be taken away does not keep the rest. */
export async function takeAllAway(): Promise<void> {
  for (const takeAway of open.toReversed()) {
    await takeAway().catch((error: unknown) => console.error(`Something is left behind: ${String(error)}`))
  }
}
