import type { Context } from 'hono'
import { toAppError, type AppError, type ErrorKind, type FieldProblem } from '../domain/errors.ts'
import { databaseTrouble } from '../services/context.ts'
import type { HttpWorld } from './world.ts'

/** The HTTP side of errors: a status for each kind, and one shape for every body. */
const statuses: Record<ErrorKind, 400 | 401 | 403 | 404 | 409 | 422 | 429 | 500 | 503> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  limit: 422,
  throttled: 429,
  unavailable: 503,
  bug: 500,
}

export type ErrorBody = {
  error: { code: string; message: string; detail?: string; operationId?: string; fields?: readonly FieldProblem[] }
}

/** HTTP has words of its own for these. */
const ownStatuses: Record<string, 413 | undefined> = { 'Request.TooLarge': 413 }

/** Answers with what the person may read; the cause goes to the log, under the request's id. */
export function answerError(c: Context, world: Pick<HttpWorld, 'log'>, thrown: unknown): Response {
  const error = databaseTrouble(thrown) ?? toAppError(thrown)
  const status = ownStatuses[error.code] ?? statuses[error.kind]
  const requestId = c.res.headers.get('x-request-id') ?? ''
  if (status >= 500) world.log.error({ requestId, path: c.req.path, err: thrown }, 'request failed')
  if (error.kind === 'throttled') c.header('Retry-After', error.detail ?? '1')
  if (error.kind === 'unavailable') c.header('Retry-After', '2')
  return c.json(bodyOf(error, requestId), status)
}

function bodyOf(error: AppError, requestId: string): ErrorBody {
  const { code, message, detail, fields } = error
  if (error.kind === 'bug') return { error: { code, message: `${message} Request id: ${requestId}.` } }
  return {
    error: {
      code,
      message,
      ...(detail && { detail }),
      // The Operation in the way, where a program looks for it.
      ...(code === 'Instance.Busy' && detail && { operationId: detail }),
      ...(fields.length > 0 && { fields }),
    },
  }
}
