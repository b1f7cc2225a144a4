/**
 * The one error class. `message` and `detail` are for the person and are sent; `cause` is for us and never leaves the
 * process. What a kind means to an HTTP client stands in `http/errors.ts`, what it means to a step in `engine/outcome.ts`.
 */
export type ErrorKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'limit' | 'throttled' | 'unavailable' | 'bug'

/** What is wrong with one field of a request; `path` as in `spec.networks.0.subnet`. */
export type FieldProblem = { path: string; message: string }

type ErrorMore = { detail?: string; fields?: FieldProblem[]; cause?: unknown }

export class AppError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly detail: string | undefined
  readonly fields: readonly FieldProblem[]

  // oxlint-disable-next-line max-params -- what every error has, and what few have: an object would be noise at every throw.
  constructor(kind: ErrorKind, code: string, message: string, more: ErrorMore = {}) {
    super(message, { cause: more.cause })
    this.name = 'AppError'
    this.kind = kind
    this.code = code
    this.detail = more.detail
    this.fields = more.fields ?? []
  }
}

/** Somebody could not be reached, or did not do it in time: later it may work. */
export const isUnavailable = (thrown: unknown): thrown is AppError =>
  thrown instanceof AppError && thrown.kind === 'unavailable'

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
