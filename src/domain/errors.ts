/**
 * The one error class. `message` and `detail` are for the person and are sent; `cause` is for us and never leaves the
 * process. What a kind means to an HTTP client stands in `http/errors.ts`, what it means to a step in `engine/outcome.ts`.
 */
export type ErrorKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'limit' | 'unavailable' | 'bug'

export class AppError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly detail: string | undefined

  constructor(kind: ErrorKind, code: string, message: string, more: { detail?: string; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.name = 'AppError'
    this.kind = kind
    this.code = code
    this.detail = more.detail
  }
}

/** Anything thrown, as an AppError: what is not one already is a bug, or trouble of the world below us. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  return new AppError('bug', 'Internal.Error', 'Something went wrong inside Millrace.', { cause: thrown })
}

/** The words of an error for logs: the whole chain of causes in one line. */
export function explainCause(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.cause === undefined ? thrown.message : `${thrown.message}: ${explainCause(thrown.cause)}`
}
