import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { promisify } from 'node:util'
import { identifyProcess } from '../../machine/process-identity.ts'
import type { ProcessIdentity } from '../../machine/process-identity.ts'

/**
 * Finds node processes by a mark in their own command line. So a process is found also when Millrace was killed between
 * starting it and writing its identity down, when its folder was deleted by hand, and when there are two of it.
 */
export type NodeProcess = ProcessIdentity & { mark: string }

const markFlag = '-Dmillrace.node='

export const nodeMark = (homeId: string, instanceId: string, kafkaId: number) => `${homeId}/${instanceId}/${kafkaId}`
export const markArgument = (mark: string) => `${markFlag}${mark}`

/** The living processes whose mark begins so, such as `<homeId>/` or `<homeId>/<instanceId>/`. */
export async function listNodeProcesses(markStart: string): Promise<NodeProcess[]> {
  const commands = process.platform === 'linux' ? await commandsOnLinux() : await commandsByPs()
  const marked = commands.flatMap(({ pid, words }) => {
    const mark = markIn(words)
    return mark?.startsWith(markStart) ? [{ pid, mark }] : []
  })
  const identified = await Promise.all(
    marked.map(async ({ pid, mark }) => {
      const identity = await identifyProcess(pid)
      return identity && { ...identity, mark }
    }),
  )
  return identified.filter((found) => found !== undefined)
}

type Command = { pid: number; words: string[] }

/** A search for the mark has it in its command line too; only Kafka's main class makes it a node. */
function markIn(words: string[]): string | undefined {
  if (!words.includes('kafka.Kafka')) return undefined
  return words.find((word) => word.startsWith(markFlag))?.slice(markFlag.length)
}

async function commandsOnLinux(): Promise<Command[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return Promise.all(
    pids.map(async (pid) => {
      // A process that ended between the two reads has no command line any more.
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return { pid: Number(pid), words: line.split('\0') }
    }),
  )
}

async function commandsByPs(): Promise<Command[]> {
  const limits = { maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,command='], limits)
  return stdout.split('\n').map((line) => {
    const [pid, ...words] = line.trim().split(/\s+/)
    return { pid: Number(pid), words }
  })
}
