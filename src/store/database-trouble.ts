import pg from 'pg'
import { AppError } from '../domain/errors.ts'

const connectionCodes = ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'ETIMEDOUT', 'EPIPE']

/** Trouble with the database is no bug of ours and passes: 503, so that callers try again. Nothing for other errors. */
export function databaseTrouble(thrown: unknown): AppError | undefined {
  const code = (thrown as { code?: unknown } | null)?.code
  const isConnection = typeof code === 'string' && connectionCodes.includes(code)
  // Class 08: connection; 53: resources; 57P: shutdown; 40: serialisation and deadlock.
  const isServer = thrown instanceof pg.DatabaseError && /^(08|53|57P|40)/.test(thrown.code ?? '')
  const isPool =
    thrown instanceof Error && /timeout exceeded when trying to connect|Connection terminated/.test(thrown.message)
  if (!isConnection && !isServer && !isPool) return undefined
  const message = 'The database does not answer right now. Try again in a moment.'
  return new AppError('unavailable', 'Database.Unavailable', message, { cause: thrown })
}
