import { AppError, type FieldProblem } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import { instanceCan } from '../../domain/instance.ts'
import { refuseProblems } from '../../domain/instance-rules.ts'
import { descriptionProblem, instanceNameProblem } from '../../domain/names.ts'
import type { Actor } from '../../domain/permission.ts'
import { busy } from '../../engine/start-operation.ts'
import { insertAuditEvent } from '../../store/audit-events.ts'
import { insertEvent } from '../../store/events.ts'
import { lockInstance, updateInstanceNames, type InstanceNames } from '../../store/instances.ts'
import { findOpenOperation } from '../../store/operations.ts'
import type { Tx } from '../../store/database.ts'
import { changeOnce, type Once, type OnceResult, type ServiceContext } from '../context.ts'

export type Rename = { id: InstanceId; names: InstanceNames; actor: Actor; once: Once | undefined }

/** Changes name and remark at once, without leaving the state. Throws `conflict` while the state does not allow it. */
export async function renameInstance(context: ServiceContext, { id, names, actor, once }: Rename): Promise<OnceResult> {
  return await changeOnce(context.db, once, async (tx) => {
    await renameInTransaction(tx, context, { id, names, actor })
    return id
  })
}

/** The same, together with another change. */
export async function renameInTransaction(
  tx: Tx,
  context: ServiceContext,
  { id, names, actor }: Omit<Rename, 'once'>,
): Promise<void> {
  refuseProblems(nameProblems(names))
  const now = context.now()
  const before = await lockInstance(tx, id)
  const answer = instanceCan('rename', before.state)
  if (!answer.allowed) throw busy(answer.why, await findOpenOperation(tx, id))

  await updateInstanceNames(tx, id, { ...names, now })
  const about = { environmentId: context.environmentId, instanceId: id, operationId: null }
  const tagsBefore = names.tags && { tags: before.tags }
  const detail = { before: { name: before.name, description: before.description, ...tagsBefore }, after: names }
  await insertAuditEvent(tx, { ...about, action: 'instance.rename', actor, detail, createdAt: now })
  await insertEvent(tx, { ...about, kind: 'instance.renamed', message: words(before.name, names), createdAt: now })
}

function nameProblems({ name, description, tags }: InstanceNames): FieldProblem[] {
  if (name === undefined && description === undefined && tags === undefined) {
    throw new AppError(
      'invalid',
      'Request.NothingToChange',
      'Name at least one field to change, such as name or version.',
    )
  }
  const problems: [string, string | undefined][] = [
    ['name', name === undefined ? undefined : instanceNameProblem(name)],
    ['description', description === undefined ? undefined : descriptionProblem(description)],
  ]
  return problems.flatMap(([path, message]) => (message ? [{ path, message }] : []))
}

function words(before: string, { name, description }: InstanceNames): string {
  if (name !== undefined && name !== before) return `Renamed from ${before} to ${name}`
  return description === undefined ? 'Tags changed' : 'Remark changed'
}
