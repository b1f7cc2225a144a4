import { AppError, type FieldProblem } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Role } from '../../domain/permission.ts'
import type { Tx } from '../../store/database.ts'
import { listInstanceNames } from '../../store/instances.ts'

/** What a service account may do, where, and until when. */
export type AccountTerms = { role: Role; instanceIds: InstanceId[] | null; expiresAt: Date | null }

/** Throws `invalid` that names each wrong field. An end that has passed is fine where it was so before: only a new one is judged. */
export async function refuseWrongTerms(
  tx: Tx,
  terms: AccountTerms,
  { now, before }: { now: Date; before?: AccountTerms | undefined },
): Promise<void> {
  const { role, instanceIds, expiresAt } = terms
  const problems: FieldProblem[] = []
  const add = (path: string, message: string) => problems.push({ path, message })
  if (role === 'administrator' && instanceIds !== null) {
    add(
      'instanceIds',
      'An administrator reaches the whole environment. Choose another role, or leave the Instances out.',
    )
  }
  if (expiresAt && expiresAt <= now && expiresAt.getTime() !== before?.expiresAt?.getTime()) {
    add('expiresAt', 'This moment has passed.')
  }
  const added = [...new Set(instanceIds ?? [])].filter((id) => !before?.instanceIds?.includes(id))
  const known = await listInstanceNames(tx, added)
  for (const id of added) if (!known.has(id)) add('instanceIds', `There is no Instance ${id}.`)
  refuseAccount(problems)
}

export function refuseAccount(fields: FieldProblem[]): void {
  const [first] = fields
  if (first) throw new AppError('invalid', 'ServiceAccount.Invalid', first.message, { fields })
}
