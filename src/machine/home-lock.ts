import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { identifyProcess, type ProcessIdentity } from './process-identity.ts'

/**
 * One Millrace per home. The lock is the one that SQLite takes on a file, which the kernel itself gives back when the
 * process ends, however it ends: nothing is ever stale, so that nothing has to be judged and taken over, and two that
 * start at one moment cannot both win. A file with a pid, the usual way, needs such a judgement, and Node has no flock.
 *
 * The holder's pid stands in a file beside it, for the words of a refusal alone.
 */
export type HomeLock = {
  /** As `readHomeId` gives it. */
  homeId: string
  release(): Promise<void>
}

const databaseIsBusy = 5

export async function lockHome(home: string): Promise<HomeLock> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  const homeId = await readHomeId(home)
  const database = await takeLock(home)
  const holderFile = join(home, 'lock.holder')
  const release = async () => {
    if (!database.isOpen) return
    await rm(holderFile, { force: true }).finally(() => database.close())
  }
  try {
    await writeFile(holderFile, JSON.stringify(await identifyProcess(process.pid)))
    return { homeId, release }
  } catch (thrown) {
    await release()
    throw thrown
  }
}

async function takeLock(home: string): Promise<DatabaseSync> {
  const database = new DatabaseSync(join(home, 'lock'), { timeout: 0 })
  try {
    // No journal on the disk: the file stays empty, only its lock counts.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch (thrown) {
    database.close()
    if ((thrown as { errcode?: number }).errcode !== databaseIsBusy) throw thrown
    throw heldBy(home, await homeHolder(home))
  }
}

/** The Millrace that said last that it holds this home: perhaps gone by now. */
export async function homeHolder(home: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(join(home, 'lock.holder'), 'utf8'))
  } catch {
    // Not there, or being written: who asks can go on without it.
    return undefined
  }
}

function heldBy(home: string, holder: ProcessIdentity | undefined): Error {
  const who = holder ? `process ${holder.pid}` : 'another process'
  const stop = holder ? `stop it (kill ${holder.pid})` : 'stop it'
  return new Error(
    `Millrace already runs on ${home}, as ${who}. Use that one, ${stop}, or give this one another MILLRACE_HOME.`,
  )
}

/**
 * The name of a home: sixteen lower-case letters and digits, drawn once and kept in its file `home-id`. What Millrace
 * leaves outside its home (a process, a socket) carries it, so that it is known whose it is.
 */
export async function readHomeId(home: string): Promise<string> {
  const file = join(home, 'home-id')
  const id = (await readIfThere(file)) ?? (await drawHomeId(file))
  if (/^[a-z0-9]{16}$/.test(id.trim())) return id.trim()
  throw new Error(`${file} is damaged: it must hold sixteen lower-case letters and digits. Restore it from a backup.`)
}

async function readIfThere(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined
    throw thrown
  })
}

/** A link comes to be with its whole text, or not at all: a crash leaves no half id, and of two that draw one wins. */
async function drawHomeId(file: string): Promise<string> {
  const drawn = randomBytes(8).toString('hex')
  const draft = `${file}.${drawn}`
  await writeFile(draft, `${drawn}\n`, { flush: true })
  try {
    await link(draft, file)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
  } finally {
    await rm(draft)
  }
  return await readFile(file, 'utf8')
}
