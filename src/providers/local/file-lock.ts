import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../domain/errors.ts'

/**
 * One holder at a time over all processes of this machine. It is the lock that SQLite takes on a file: the kernel gives it
 * back when the holder ends, however it ends, so that a killed Millrace leaves nothing that would have to be judged stale.
 */
export async function withFileLock<T>(path: string, limitMs: number, use: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  const lock = await takeLock(path, Date.now() + limitMs)
  try {
    return await use()
  } finally {
    lock.close()
  }
}

const betweenLooksMs = 5

async function takeLock(path: string, deadline: number): Promise<DatabaseSync> {
  for (;;) {
    const lock = tryLock(path)
    if (lock) return lock
    if (Date.now() > deadline) {
      const message =
        'Another worker of Millrace is busy with the nodes of this Instance. It is tried again in a moment.'
      throw new AppError('unavailable', 'Node.Busy', message)
    }
    await delay(betweenLooksMs)
  }
}

const databaseIsBusy = 5

function tryLock(path: string): DatabaseSync | undefined {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    // No journal on the disk: the file stays empty, only its lock counts.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === databaseIsBusy) return undefined
    throw error
  }
}
