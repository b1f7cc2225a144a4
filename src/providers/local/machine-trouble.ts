import { AppError } from '../../domain/errors.ts'
import type { Provider } from '../provider.ts'

/** Trouble of this machine that a person can mend, in words; it is tried again until then. Anything else stays what it is. */
export function machineTrouble(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown
  const { code = '', path } = thrown as NodeJS.ErrnoException
  const trouble = troubles[code]
  if (!trouble) return thrown
  const where = path ? ` (${path})` : ''
  return new AppError('unavailable', 'Machine.Trouble', `${trouble.is}${where}. ${trouble.mend}.`, { cause: thrown })
}

const troubles: Record<string, { is: string; mend: string }> = {
  ENOSPC: { is: 'The disk of the nodes is full', mend: 'Make room on it' },
  EDQUOT: { is: 'The disk quota of the nodes is used up', mend: 'Make room, or raise the quota' },
  EROFS: { is: 'The disk of the nodes can only be read', mend: 'Mount it so that it can be written' },
  EACCES: { is: 'Millrace may not use a file of the nodes', mend: 'Give it to the user that runs Millrace' },
  EPERM: { is: 'Millrace may not use a file of the nodes', mend: 'Give it to the user that runs Millrace' },
  EIO: { is: 'The disk of the nodes fails', mend: 'Look at the disk, and at the log of the system' },
  ENOMEM: { is: 'This machine has no memory left', mend: 'Make some free' },
  EMFILE: { is: 'Millrace has too many files open', mend: 'Raise the limit (ulimit -n) and start it again' },
  ENFILE: { is: 'This machine has too many files open', mend: 'Raise its limit, or end what holds them' },
}

/** The provider, which says the trouble of this machine in words. */
export function tellingTrouble(provider: Provider): Provider {
  const told = <T>(call: Promise<T>): Promise<T> =>
    call.catch((thrown: unknown) => {
      throw machineTrouble(thrown)
    })
  return {
    ...provider,
    ensureNode: (spec, fence) => told(provider.ensureNode(spec, fence)),
    renewStores: (spec, fence) => told(provider.renewStores(spec, fence)),
    renewVerifiers: (instanceId) => told(provider.renewVerifiers(instanceId)),
    inspectNodes: (instanceId) => told(provider.inspectNodes(instanceId)),
    stopNode: (instanceId, kafkaId, stop) => told(provider.stopNode(instanceId, kafkaId, stop)),
    removeNode: (instanceId, kafkaId, fence) => told(provider.removeNode(instanceId, kafkaId, fence)),
  }
}
