import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks at a steady rate, whether the answers come or not, and gives the time of each from the moment it was due: a server
 * that stands still is not spared the questions of that time.
 */
export async function askSteadily(
  { perSecond, count }: { perSecond: number; count: number },
  ask: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const begun = performance.now()
  const answers: Promise<number>[] = []
  for (let index = 0; index < count; index++) {
    const due = begun + (index * 1000) / perSecond
    await delay(Math.max(0, due - performance.now()))
    answers.push(ask(index).then(() => performance.now() - due))
  }
  return await Promise.all(answers)
}
