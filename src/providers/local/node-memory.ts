import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

/** Memory that the process holds now (resident set), in bytes; 0 when it has just ended. */
export async function residentBytes(pid: number): Promise<number> {
  const kibibytes = process.platform === 'linux' ? residentOnLinux(pid) : await residentByPs(pid)
  return kibibytes * 1024
}

function residentOnLinux(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

async function residentByPs(pid: number): Promise<number> {
  const answer = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return Number(answer.stdout.trim() || 0)
}
