import { execFile } from 'node:child_process'
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
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
  const commands = process.platform === 'linux' ? commandsOnLinux() : await commandsByPs()
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

/** Looked at every second while an Instance changes. Read here and now: by the thread pool it costs ten times the processor time. */
function commandsOnLinux(): Command[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map((pid) => ({ pid: Number(pid), words: commandLineOf(pid).split('\0') }))
}

/** A node's is a few KiB long. */
const lineBuffer = Buffer.alloc(64 * 1024)

/** Empty for a process that has ended meanwhile. */
function commandLineOf(pid: string): string {
  try {
    const file = openSync(`/proc/${pid}/cmdline`, 'r')
    try {
      return lineBuffer.toString('utf8', 0, readSync(file, lineBuffer, 0, lineBuffer.length, 0))
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}

async function commandsByPs(): Promise<Command[]> {
  const limits = { maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,command='], limits)
  return stdout.split('\n').map((line) => {
    const [pid, ...words] = line.trim().split(/\s+/)
    return { pid: Number(pid), words }
  })
}
