/**
 * Asks one after the other, or the next one beside it where an answer takes longer than its share of two seconds. Nodes often
 * share a machine, with each other and with their clients, who feel it when all of them work for an answer at the same moment.
 */
export async function inTurn<One, Answer>(ones: readonly One[], ask: (one: One) => Promise<Answer>): Promise<Answer[]> {
  const patienceMs = Math.min(mostPatienceMs, mostWaitingMs / ones.length)
  const answers: Promise<Answer>[] = []
  for (const one of ones) {
    const answer = ask(one)
    answers.push(answer)
    await settledWithin(answer, patienceMs)
  }
  return await Promise.all(answers)
}

const mostPatienceMs = 500
const mostWaitingMs = 2_000

/** Answered, failed, or not yet: it only waits. */
export async function settledWithin(answer: Promise<unknown>, limitMs: number): Promise<void> {
  const over = Promise.withResolvers<unknown>()
  const timer = setTimeout(over.resolve, limitMs)
  answer.then(over.resolve, over.resolve)
  await over.promise
  clearTimeout(timer)
}
