/** What a person chose of a roll; what is undefined is not sent. */
export type RollOptions = {
  pauseAfter?: 'first' | 'each' | undefined
  holdNode?: number | undefined
  rollBackOnFailure?: boolean | undefined
}

type SentRollOptions = { pauseAfter?: 'first' | 'each'; holdNode?: number; rollBackOnFailure?: boolean }

export function sentOptions({ pauseAfter, holdNode, rollBackOnFailure }: RollOptions): SentRollOptions {
  return {
    ...(pauseAfter && { pauseAfter }),
    ...(holdNode !== undefined && { holdNode }),
    ...(rollBackOnFailure && { rollBackOnFailure }),
  }
}
