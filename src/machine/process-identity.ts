import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

/**
 * One process, told apart from any later one that is given the same pid: the pid and the moment it began. Written down
 * as JSON, it is still right after a restart of Millrace and after a reboot of the machine.
 *
 * A zombie counts as gone once it is its last thread: then it holds no memory, file or port, and waits only for its parent to
 * read how it ended. While others of its threads still end, on a busy machine for a tenth of a second, its ports stay taken.
 */
export type ProcessIdentity = {
  pid: number
  /** Opaque: compare for equality only. Linux: boot id and clock ticks since that boot; elsewhere: the time of day. */
  startedAt: string
}

/** The process that now has this pid, or nothing where no living one has it. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  // Signals read 0 and negative numbers as groups of processes, never as one.
  if (!Number.isSafeInteger(pid) || pid < 1) return undefined
  const startedAt = process.platform === 'linux' ? startOnLinux(pid) : await startByPs(pid)
  return startedAt === undefined ? undefined : { pid, startedAt }
}

/** Does this very process still live? */
export async function isSameProcess(identity: ProcessIdentity): Promise<boolean> {
  const now = await identifyProcess(identity.pid)
  return now !== undefined && now.startedAt === identity.startedAt
}

/** Sends the signal to this very process, never to a successor of its pid. Answers false where it is gone. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isSameProcess(identity))) return false
  try {
    return process.kill(identity.pid, signal)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw thrown
  }
}

function startOnLinux(pid: number): string | undefined {
  const stat = readStat(pid)
  if (stat === undefined) return undefined
  const ticks = startTicks(stat)
  return ticks === undefined ? undefined : `${bootId()} ${ticks}`
}

/** Asked for every node at every look: by the thread pool it costs many times the processor time. */
function readStat(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (thrown) {
    // ESRCH: it ended between the opening and the reading.
    if (['ENOENT', 'ESRCH'].includes((thrown as NodeJS.ErrnoException).code ?? '')) return undefined
    throw thrown
  }
}

/**
 * The start time of `/proc/<pid>/stat` (proc(5), field 22), or nothing for a zombie without other threads (field 20). Field 2
 * is the program's name in parentheses and may itself hold spaces and parentheses: the other fields are counted from its last
 * one.
 */
export function startTicks(stat: string): string | undefined {
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const isGone = state === 'Z' ? Number(fields[16]) <= 1 : 'Xx'.includes(state)
  return isGone ? undefined : fields[18]
}

let knownBootId: string | undefined

/** Ticks count from the boot, so that two boots can give one number twice. */
function bootId(): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return knownBootId
}

async function startByPs(pid: number): Promise<string | undefined> {
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { env })
    const [, state, startedAt] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout) ?? []
    return state?.startsWith('Z') ? undefined : startedAt
  } catch (thrown) {
    // ps ends with 1 where it finds no such process.
    if ((thrown as { code?: unknown }).code === 1) return undefined
    throw thrown
  }
}
