/** What a bench has begun and must take away again, also when it is interrupted or gives a figure up. */
const open: (() => Promise<void>)[] = []

/** The same, done once; whoever asks again while it is being done waits for its end. */
export function takenAwayAtLast(takeAway: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined
  const onlyOnce = () => (underWay ??= takeAway().finally(() => open.splice(open.indexOf(onlyOnce), 1)))
  open.push(onlyOnce)
  return onlyOnce
}

/** Last first. What cannot be taken away does not keep the rest. */
export async function takeAllAway(): Promise<void> {
  for (const takeAway of open.toReversed()) {
    await takeAway().catch((error: unknown) => console.error(`Something is left behind: ${String(error)}`))
  }
}
