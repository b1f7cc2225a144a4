import {
  entriesOf,
  entriesToRevoke,
  entryKey,
  groupsFirst,
  operationsOf,
  subjectKey,
  type AclBinding,
  type AclEntry,
  type WantedBinding,
} from '../../domain/acl.ts'
import { presetBindings, presetProblems, type PresetWish } from '../../domain/acl-presets.ts'
import { bindingProblems, ruleAt, twiceProblems } from '../../domain/acl-rules.ts'
import { AppError, type FieldProblem } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import { changeInKafka } from '../cluster/change-in-kafka.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import { changeOnce, type Once, type ServiceContext } from '../context.ts'

/** Access rules, given and taken away as people think of them; what Kafka keeps is single entries. */
type WhoAsks = { instanceId: InstanceId; actor: Actor; once?: Once | undefined }

export type AclRequest = WhoAsks & { bindings: WantedBinding[] }

/** In the order in which they were asked for. */
export type Granted = { list: AclBinding[]; isRepeat: boolean }

/** There already is success. Throws `invalid` (`Acl.Invalid`) that names each wrong field by the index of its rule. */
export async function grantAcls(context: ServiceContext, request: AclRequest): Promise<Granted> {
  const { bindings } = request
  refuse([...bindings.flatMap((binding, index) => bindingProblems(binding, ruleAt(index))), ...twiceProblems(bindings)])
  return await grant(context, request)
}

/** The same for what people call a producer or a consumer; the fields are those of the wish. */
export async function grantPreset(
  context: ServiceContext,
  { wish, ...who }: WhoAsks & { wish: PresetWish },
): Promise<Granted> {
  refuse(presetProblems(wish))
  return await grant(context, { ...who, bindings: presetBindings(wish) })
}

async function grant(context: ServiceContext, request: AclRequest): Promise<Granted> {
  const { bindings } = request
  const cluster = await openCluster(context, request.instanceId)
  // Two groups may share an operation: Kafka is told of it once.
  const entries = [...new Map(bindings.flatMap(entriesOf).map((entry) => [entryKey(entry), entry])).values()]
  const { isRepeat } = await changeInKafka(context, changeOf(request, 'acl.create', bindings), () =>
    cluster.createAcls(entries),
  )
  return {
    list: bindings.map((binding) => ({ ...binding, hit: [...operationsOf(binding.group)], miss: [] })),
    isRepeat,
  }
}

/**
 * Gone already is success. With a group, an operation that another rule of the same user on the same resource needs stays; one that
 * is named goes. Throws `invalid` as granting would for a rule that cannot be; one that is there all the same, made past Millrace, can
 * be taken away.
 */
export async function revokeAcls(context: ServiceContext, request: AclRequest): Promise<{ isRepeat: boolean }> {
  const cluster = await openCluster(context, request.instanceId)
  const present = (await cluster.listAcls()) ?? []
  const { entries, gone } = plan(request.bindings, present)
  refuse([
    ...request.bindings.flatMap((binding, index) =>
      gone.includes(binding) ? [] : bindingProblems(binding, ruleAt(index)),
    ),
    ...twiceProblems(request.bindings),
  ])
  // Nothing is taken away: a line in the audit would say that something was.
  if (entries.length === 0) return await changeOnce(context.db, request.once, async () => '')
  return await changeInKafka(context, changeOf(request, 'acl.delete', gone), () => cluster.deleteAcls(entries))
}

/** One after the other: what two of them share goes with the second. */
function plan(bindings: WantedBinding[], present: AclEntry[]): { entries: AclEntry[]; gone: WantedBinding[] } {
  const left = Map.groupBy(present, subjectKey)
  const entries: AclEntry[] = []
  const gone: WantedBinding[] = []
  for (const binding of groupsFirst(bindings)) {
    const key = subjectKey(binding)
    const own = left.get(key) ?? []
    const revoked = entriesToRevoke(binding, own)
    if (revoked.length === 0) continue
    left.set(
      key,
      own.filter(({ operation }) => !revoked.some((one) => one.operation === operation)),
    )
    entries.push(...revoked)
    gone.push(binding)
  }
  return { entries, gone }
}

function changeOf({ instanceId, actor, once }: AclRequest, action: string, bindings: WantedBinding[]) {
  const subject = [...new Set(bindings.map(({ principal }) => principal))].join(', ')
  const what = action === 'acl.create' ? { after: bindings } : { before: bindings }
  return { instanceId, actor, once, action, subject, ...what }
}

function refuse(fields: FieldProblem[]): void {
  if (fields[0]) throw new AppError('invalid', 'Acl.Invalid', fields[0].message, { fields })
}
