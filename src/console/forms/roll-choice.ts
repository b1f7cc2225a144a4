import type { ChangeRequest } from '../api.ts'

/** What a person chose of a roll; what is undefined is not sent. */
export type RollOptions = {
  pauseAfter?: 'first' | 'each' | undefined
  holdNode?: number | undefined
  rollBackOnFailure?: boolean | undefined
}

type SentRollOptions = { pauseAfter?: 'first' | 'each'; holdNode?: number; rollBackOnFailure?: boolean }

function sentOptions({ pauseAfter, holdNode, rollBackOnFailure }: RollOptions): SentRollOptions {
  return {
    ...(pauseAfter && { pauseAfter }),
    ...(holdNode !== undefined && { holdNode }),
    ...(rollBackOnFailure && { rollBackOnFailure }),
  }
}

/** The request with them, beside the options of its own. */
export function withOptions(request: ChangeRequest, options: RollOptions): ChangeRequest {
  const sent = sentOptions(options)
  if (Object.keys(sent).length === 0) return request
  const { body } = request
  return { ...request, body: { ...body, operation: { ...body.operation, ...sent } } } as ChangeRequest
}
