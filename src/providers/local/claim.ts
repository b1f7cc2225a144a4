import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../domain/errors.ts'
import { identifyProcess, isSameProcess } from '../../machine/process-identity.ts'
import type { ProcessIdentity } from '../../machine/process-identity.ts'
import { namesIn } from './node-folder.ts'

/**
 * One holder at a time over all processes of this machine, and none left behind by a process that was killed.
 *
 * A claim is a file whose number is one above all before it, made whole by a link, holding the identity of its process. The
 * highest number counts; it is free when it says so or its process is gone. A file is taken away only by the holder of a
 * higher one, so a slow claimant with a number from a stale look finds a higher one after its link, and yields.
 */
export async function withClaim<T>(folder: string, limitMs: number, use: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true })
  const number = await takeClaim(folder, Date.now() + limitMs)
  try {
    return await use()
  } finally {
    await releaseClaim(folder, number)
  }
}

const betweenLooksMs = 10

async function takeClaim(folder: string, deadline: number): Promise<number> {
  for (;;) {
    const number = await nextNumber(folder)
    if (number !== undefined && (await tryClaim(folder, number))) return number
    if (Date.now() > deadline) {
      const message = 'Another Millrace process is working on this Instance. It is tried again in a moment.'
      throw new AppError('unavailable', 'Node.Busy', message)
    }
    await delay(betweenLooksMs)
  }
}

/** The number to claim, or nothing while the highest one is held. */
async function nextNumber(folder: string): Promise<number | undefined> {
  const highest = (await claimNumbers(folder)).at(-1)
  if (highest === undefined) return 1
  const holder = await readHolder(folder, highest)
  return holder === 'overtaken' || (holder && (await isSameProcess(holder))) ? undefined : highest + 1
}

async function tryClaim(folder: string, number: number): Promise<boolean> {
  if (!(await linkWhole(folder, number))) return false
  const numbers = await claimNumbers(folder)
  if (numbers.at(-1) !== number) {
    await rm(claimPath(folder, number), { force: true })
    return false
  }
  for (const lower of numbers.slice(0, -1)) await rm(claimPath(folder, lower), { force: true })
  return true
}

async function linkWhole(folder: string, number: number): Promise<boolean> {
  const draft = await writeDraft(folder, await identifyProcess(process.pid))
  try {
    await link(draft, claimPath(folder, number))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

async function releaseClaim(folder: string, number: number): Promise<void> {
  await rename(await writeDraft(folder, null), claimPath(folder, number))
}

async function writeDraft(folder: string, holder: ProcessIdentity | null | undefined): Promise<string> {
  const draft = join(folder, `draft-${process.pid}-${randomBytes(6).toString('hex')}`)
  await writeFile(draft, JSON.stringify(holder ?? null))
  return draft
}

async function readHolder(folder: string, number: number): Promise<ProcessIdentity | null | 'overtaken'> {
  try {
    return JSON.parse(await readFile(claimPath(folder, number), 'utf8')) as ProcessIdentity | null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'overtaken'
    throw error
  }
}

const claimPath = (folder: string, number: number) => join(folder, `claim-${number}`)

async function claimNumbers(folder: string): Promise<number[]> {
  const names = await namesIn(folder)
  const numbers = names.flatMap((name) => /^claim-(\d+)$/.exec(name)?.[1] ?? []).map(Number)
  return numbers.sort((one, other) => one - other)
}
