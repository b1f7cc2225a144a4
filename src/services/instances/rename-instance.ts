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
import { changeOnce, type Once, type OnceResult, type ServiceContext } from '../context.ts'

export type Rename = { id: InstanceId; names: InstanceNames; actor: Actor; once: Once | undefined }

/** Changes name and remark at once, without leaving the state. Throws `conflict` while the state does not allow it. */
export async function renameInstance(context: ServiceContext, { id, names, actor, once }: Rename): Promise<OnceResult> {
  refuseProblems(nameProblems(names))
  return await changeOnce(context.db, once, async (tx) => {
    const now = context.now()
    const before = await lockInstance(tx, id)
    const answer = instanceCan('rename', before.state)
    if (!answer.allowed) throw busy(answer.why, await findOpenOperation(tx, id))

    await updateInstanceNames(tx, id, { ...names, now })
    const about = { environmentId: context.environmentId, instanceId: id, operationId: null }
    const detail = { before: { name: before.name, description: before.description }, after: names }
    await insertAuditEvent(tx, { ...about, action: 'instance.rename', actor, detail, createdAt: now })
    await insertEvent(tx, { ...about, kind: 'instance.renamed', message: words(before.name, names), createdAt: now })
    return id
  })
}

function nameProblems({ name, description }: InstanceNames): FieldProblem[] {
  if (name === undefined && description === undefined) {
    throw new AppError('invalid', 'Request.NothingToChange', 'Name at least one field to change: name or description.')
  }
  const problems: [string, string | undefined][] = [
    ['name', name === undefined ? undefined : instanceNameProblem(name)],
    ['description', description === undefined ? undefined : descriptionProblem(description)],
  ]
  return problems.flatMap(([path, message]) => (message ? [{ path, message }] : []))
}

const words = (before: string, { name }: InstanceNames) =>
  name === undefined || name === before ? 'Remark changed' : `Renamed from ${before} to ${name}`
