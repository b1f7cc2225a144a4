import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Disk space of folders, in bytes as allocated: Kafka reserves its index files far larger than they are. */
export type DiskUsage = { of(folder: string): Promise<number> }

/** A walk costs a stat per file, so its answer stands for a while, and walks of one folder are shared. */
export function makeDiskUsage(freshMs: number): DiskUsage {
  const answers = new Map<string, { at: number; bytes: Promise<number> }>()
  return {
    of(folder) {
      const known = answers.get(folder)
      if (known && Date.now() - known.at < freshMs) return known.bytes
      forgetOlderThan(answers, Date.now() - 10 * freshMs)
      const bytes = allocatedBytes(folder)
      answers.set(folder, { at: Date.now(), bytes })
      return bytes
    },
  }
}

function forgetOlderThan(answers: Map<string, { at: number }>, oldest: number): void {
  for (const [folder, { at }] of answers) if (at < oldest) answers.delete(folder)
}

const blockBytes = 512

async function allocatedBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  let total = 0
  for (const entry of entries) {
    const path = join(folder, entry.name)
    // Kafka deletes segments while we walk: what is gone takes no space.
    total += entry.isDirectory()
      ? await allocatedBytes(path)
      : await lstat(path).then(
          ({ blocks }) => blocks * blockBytes,
          () => 0,
        )
  }
  return total
}
