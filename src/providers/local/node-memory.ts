import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** Memory that the process holds now (resident set), in bytes; 0 when it has just ended. */
export async function residentBytes(pid: number): Promise<number> {
  const kibibytes = process.platform === 'linux' ? await residentOnLinux(pid) : await residentByPs(pid)
  return kibibytes * 1024
}

async function residentOnLinux(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0)
}

async function residentByPs(pid: number): Promise<number> {
  const answer = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return Number(answer.stdout.trim() || 0)
}
