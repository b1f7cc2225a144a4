import { AppError } from '../domain/errors.ts'
import type { InstanceId, OperationId } from '../domain/id.ts'
import { refuseUnlessGranted, type Permission } from '../domain/permission.ts'
import { isEnvironmentWide } from '../domain/service-account.ts'
import type { Once } from '../services/context.ts'
import { instanceOfOperation } from '../services/operations/read-operations.ts'
import { takeSignature } from '../services/service-accounts/take-signature.ts'
import type { Caller } from './caller.ts'
import type { ServedWorld } from './world.ts'

/** What is asked for, as far as the right to ask depends on it. */
export type Wanted = {
  permission: Permission | 'signed-in'
  openBeforePasswordChange: boolean
  params: Record<string, string>
}

/** May this caller do this, here? Every refusal is `forbidden`, and says nothing of what is there. */
export async function permit(caller: Caller, wanted: Wanted, world: Pick<ServedWorld, 'db'>): Promise<void> {
  const { permission, openBeforePasswordChange, params } = wanted
  if (caller.kind === 'member' && caller.member.mustChangePassword && !openBeforePasswordChange) {
    throw new AppError('forbidden', 'Member.MustChangePassword', 'Choose a password of your own first.')
  }
  refuseUnpermitted(caller, permission)
  if (params.instanceId) refuseOutOfScope(caller, params.instanceId as InstanceId)
  if (params.operationId) await refuseForeignOperation(caller, params.operationId as OperationId, world)
}

function refuseUnpermitted({ actor, scope }: Caller, permission: Permission | 'signed-in'): void {
  if (permission === 'signed-in') return
  refuseUnlessGranted(actor, permission)
  if (scope.only && isEnvironmentWide(permission))
    throw outOfScope(`, and ${permission} reaches the whole environment.`)
}

/** Of what is told of all Instances at once, and cannot be told of some. */
export function refuseKeptToSome({ scope }: Caller): void {
  if (scope.only) throw outOfScope(', and this tells of the whole environment.')
}

export function refuseOutOfScope({ scope }: Caller, instanceId: InstanceId): void {
  if (!scope.has(instanceId)) throw outOfScope(`; ${instanceId} is none of them.`)
}

/** One of another Instance and one that is not there are refused in the same words. */
async function refuseForeignOperation(
  { scope }: Caller,
  operationId: OperationId,
  world: Pick<ServedWorld, 'db'>,
): Promise<void> {
  if (!scope.only) return
  const instanceId = await instanceOfOperation(world, operationId)
  if (!instanceId || !scope.has(instanceId)) throw outOfScope(`; ${operationId} is of none of them.`)
}

const outOfScope = (why: string): AppError =>
  new AppError('forbidden', 'ServiceAccount.OutOfScope', `This service account is kept to certain Instances${why}`)

/** What a change is asked with. */
export type AskedChange = { isDryRun: boolean; once: Once | undefined; mayRepeat: boolean }

/**
 * A signature makes one change. Whoever overheard a request cannot make it again within the clock tolerance; reading twice does
 * no harm, and neither does a repeat under a signed Idempotency-Key, which is answered with what the first one made. A signature
 * tells seconds apart: two like requests of one caller within a second have the same, and the second is no replay where
 * repeating does no harm.
 */
export async function refuseReplay(
  caller: Caller,
  { isDryRun, once, mayRepeat }: AskedChange,
  world: ServedWorld,
): Promise<Once | undefined> {
  if (caller.kind === 'member' || isDryRun) return once
  const { signature, signedAt, until, headers } = caller.signed
  const isKeySigned = headers.includes('idempotency-key')
  const isFresh = Math.abs(world.now().getTime() - signedAt.getTime()) <= freshMs
  if (isKeySigned) return await takeSignature(world, { signature, until, once, mayRepeat: false })
  await takeSignature(world, { signature, until, once: undefined, mayRepeat: mayRepeat && isFresh })
  return once
}

/** A signature's second, and one more for the way. */
const freshMs = 2_000
