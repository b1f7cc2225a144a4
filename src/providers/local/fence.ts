import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Fence } from '../provider.ts'
import { withFileLock } from './file-lock.ts'
import { nodesFolder, writeWhole } from './node-folder.ts'

type FencedInstance = { home: string; instanceId: InstanceId }

/**
 * Every change of an Instance's nodes passes here: one at a time, and none for a caller who has been overtaken by a newer one.
 * The highest epoch seen lies in `nodes/.fences/<instance>`, outside the Instance's own folder, and stays when that is gone:
 * a late caller must not bring back a node that a newer one has removed.
 */
export async function underFence<T>(instance: FencedInstance, fence: Fence, change: () => Promise<T>): Promise<T> {
  return underLock(instance, async () => {
    await admit(join(fenceFolder(instance), 'epoch'), fence.epoch)
    return change()
  })
}

/** One at a time, whoever calls: for what brings nodes to what is true anyway. */
export const underLock = <T>(instance: FencedInstance, change: () => Promise<T>): Promise<T> =>
  withFileLock(join(fenceFolder(instance), 'lock'), lockLimitMs, change)

const fenceFolder = ({ home, instanceId }: FencedInstance) => join(nodesFolder(home), '.fences', instanceId)

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
