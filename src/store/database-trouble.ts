import pg from 'pg'
import { AppError } from '../domain/errors.ts'

const brokenConnection = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE']

/** Trouble with the database is no bug of ours and passes: 503, so that callers try again. Nothing for other errors. */
export function databaseTrouble(thrown: unknown): AppError | undefined {
  if (!(thrown instanceof Error)) return undefined
  const { code, syscall } = thrown as NodeJS.ErrnoException
  // The socket of a server that is not there is a missing file; other missing files are not the database's.
  const isConnection = brokenConnection.includes(code ?? '') || (code === 'ENOENT' && syscall === 'connect')
  // Class 08: connection; 53: resources; 57P: shutdown; 40: serialisation and deadlock.
  const isServer = thrown instanceof pg.DatabaseError && /^(08|53|57P|40)/.test(thrown.code ?? '')
  const isPool = /timeout exceeded when trying to connect|Connection terminated/.test(thrown.message)
  if (!isConnection && !isServer && !isPool) return undefined
  const message = 'The database does not answer right now. Try again in a moment.'
  return new AppError('unavailable', 'Database.Unavailable', message, { cause: thrown })
}
