import { createHash } from 'node:crypto'
import { lstat, mkdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunAs } from './run-as.ts'

/** The kernel cuts a socket's address at 104 characters on macOS, 108 on Linux, and PostgreSQL adds `/.s.PGSQL.5432`. */
const longest = 85

/**
 * Where the server of this home listens: beside its files, or, where that path is too long for a socket, in a folder of
 * the system's temporary one, named for the home, so that each start finds it again.
 */
export async function socketFolder(folder: string): Promise<string> {
  const near = join(folder, 'socket')
  if (near.length <= longest) return near
  const name = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
  return join(tmpdir(), `millrace-${name.slice(0, 16)}`)
}

/** Who can enter may be anyone to the server; so nobody else may, and a folder that another made is refused. */
export async function makeSocketFolder(folder: string, runAs: RunAs): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'EEXIST') throw thrown
  })
  const found = await lstat(folder)
  const isOurs = found.uid === runAs.uid || found.uid === process.getuid?.()
  if (!found.isDirectory() || !isOurs || (found.mode & 0o077) !== 0) {
    throw new Error(`${folder} is not a private folder of Millrace. Remove it and start again.`)
  }
  await runAs.give(folder)
}

export async function removeSocketFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}
