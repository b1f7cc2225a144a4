import {
  entriesOf,
  entriesToRevoke,
  isSameEntry,
  operationsOf,
  type AclBinding,
  type AclEntry,
  type WantedBinding,
} from '../../domain/acl.ts'
import { bindingProblems } from '../../domain/acl-rules.ts'
import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import { changeInKafka } from '../cluster/change-in-kafka.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import type { Once, ServiceContext } from '../context.ts'

/** Access rules, given and taken away as people think of them; what Kafka keeps is single entries. */
export type AclRequest = {
  instanceId: InstanceId
  bindings: WantedBinding[]
  actor: Actor
  once?: Once | undefined
}

/** There already is success. They come back in the order in which they were asked for. */
export async function grantAcls(
  context: ServiceContext,
  request: AclRequest,
): Promise<{ list: AclBinding[]; isRepeat: boolean }> {
  const { bindings } = request
  const fields = bindings.flatMap((binding, index) => bindingProblems(binding, `params.${index}`))
  if (fields[0]) throw new AppError('invalid', 'Acl.Invalid', fields[0].message, { fields })
  const cluster = await openCluster(context, request.instanceId)
  const entries = bindings.flatMap(entriesOf)
  const { isRepeat } = await changeInKafka(context, changeOf(request, 'acl.create', bindings), () =>
    cluster.createAcls(entries),
  )
  return {
    list: bindings.map((binding) => ({ ...binding, hit: [...operationsOf(binding.group)], miss: [] })),
    isRepeat,
  }
}

/** Gone already is success. An operation that another rule of the same user on the same resource needs stays. */
export async function revokeAcls(context: ServiceContext, request: AclRequest): Promise<{ isRepeat: boolean }> {
  const cluster = await openCluster(context, request.instanceId)
  const present = (await cluster.listAcls()) ?? []
  const { entries, gone } = plan(request.bindings, present)
  if (entries.length === 0 && !request.once) return { isRepeat: false }
  return await changeInKafka(context, changeOf(request, 'acl.delete', gone), () => cluster.deleteAcls(entries))
}

/** One after the other: what two of them share goes with the second. */
function plan(bindings: WantedBinding[], present: AclEntry[]): { entries: AclEntry[]; gone: WantedBinding[] } {
  let left = present
  const entries: AclEntry[] = []
  const gone: WantedBinding[] = []
  for (const binding of bindings) {
    const revoked = entriesToRevoke(binding, left)
    if (revoked.length === 0) continue
    left = left.filter((entry) => !revoked.some((one) => isSameEntry(one, entry)))
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
