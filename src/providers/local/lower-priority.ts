import { writeFile } from 'node:fs/promises'
import { constants, getPriority, setPriority } from 'node:os'

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
