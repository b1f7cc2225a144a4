import { readFileSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { constants, getPriority, setPriority } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Lets a node yield to what else wants the processors, Millrace before all: a JVM that starts takes every one it gets for
 * seconds, and whoever is on call waits for the page just then. With processors to spare it makes no difference.
 */
export async function lowerPriority(pid: number): Promise<void> {
  try {
    setPriority(pid, Math.min(getPriority() + niceness, constants.priority.PRIORITY_LOW))
    // Where Linux shares among sessions first, as on a desk, what counts is the session's: a node has one of its own.
    await writeFile(`/proc/${pid}/autogroup`, String(niceness))
  } catch {
    // It has ended already, or the system has no such thing.
  }
}

/** A third of the share of those who have none. */
const niceness = 5

/**
 * Java's second compiler halves what a node needs of the processors, and wants a whole one for half a minute before. It gets what
 * others leave, and a third of a node's share where they leave nothing: a machine that is full stays full while its nodes are
 * never compiled. Resolves once it is there, soon after a JVM has started; on Linux only, where a thread has a priority.
 */
export async function lowerCompilerPriority(pid: number): Promise<void> {
  if (process.platform !== 'linux') return
  const deadline = performance.now() + compilerLimitMs
  try {
    let compilers = compilersOf(pid)
    while (compilers.length === 0 && performance.now() < deadline) {
      await delay(betweenLooksMs)
      compilers = compilersOf(pid)
    }
    for (const thread of compilers)
      setPriority(thread, Math.min(getPriority(pid) + niceness, constants.priority.PRIORITY_LOW))
  } catch {
    // It has ended already.
  }
}

const compilerLimitMs = 2_000
const betweenLooksMs = 20

/** Linux keeps fifteen letters of a thread's name. */
const compilerName = 'C2 CompilerThre'

const compilersOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`)
    .filter((thread) => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trimEnd() === compilerName)
    .map(Number)
