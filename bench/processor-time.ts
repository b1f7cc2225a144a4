import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Milliseconds of processor time that Millrace and its embedded PostgreSQL have used so far. Linux only. */
export async function processorMs({ pid, home }: { pid: number; home: string }): Promise<number> {
  const postmaster = Number.parseInt(await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8'), 10)
  const pids = [pid, postmaster, ...(await childrenOf(postmaster))]
  const times = await Promise.all(pids.map(async (one) => (await statOf(one))?.processorMs ?? 0))
  return times.reduce((sum, ms) => sum + ms, 0)
}

const ticksPerSecond = 100

/** Fields of proc_pid_stat(5) after the name, which may hold spaces: 4 is the parent, 14 to 17 the times, with those of children that have ended. */
async function statOf(pid: number): Promise<{ parent: number; processorMs: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const ticks = fields.slice(11, 15).reduce((sum, one) => sum + one, 0)
  return { parent: fields[1]!, processorMs: (ticks * 1000) / ticksPerSecond }
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const stats = await Promise.all(pids.map(statOf))
  return pids.filter((_, index) => stats[index]?.parent === parent)
}
