import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Fence } from '../provider.ts'
import { withFileLock } from './file-lock.ts'
import { nodesFolder, writeWhole } from './node-folder.ts'

/**
 * Every change of an Instance's nodes passes here: one at a time, and none for a caller who has been overtaken by a newer one.
 * The highest epoch seen lies in `nodes/.fences/<instance>`, outside the Instance's own folder, and stays when that is gone:
 * a late caller must not bring back a node that a newer one has removed.
 */
export async function underFence<T>(
  instance: { home: string; instanceId: InstanceId },
  fence: Fence,
  change: () => Promise<T>,
): Promise<T> {
  const folder = join(nodesFolder(instance.home), '.fences', instance.instanceId)
  return withFileLock(join(folder, 'lock'), lockLimitMs, async () => {
    await admit(join(folder, 'epoch'), fence.epoch)
    return change()
  })
}

const lockLimitMs = 5_000

async function admit(path: string, epoch: number): Promise<void> {
  const seen = await highestSeen(path)
  if (epoch < seen) {
    const message = `A newer worker (epoch ${seen}) has taken over from this one (epoch ${epoch}).`
    throw new AppError('conflict', 'Lease.Overtaken', message)
  }
  if (epoch > seen) await writeWhole(path, `${epoch}\n`)
}

async function highestSeen(path: string): Promise<number> {
  try {
    return Number(await readFile(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return -Infinity
    throw error
  }
}
