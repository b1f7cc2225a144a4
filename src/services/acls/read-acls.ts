import { bindingsFrom, type AclBinding } from '../../domain/acl.ts'
import { matchingBindings, type AclQuestion } from '../../domain/acl-search.ts'
import type { InstanceId } from '../../domain/id.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import type { ServiceContext } from '../context.ts'

export type AclListing = {
  total: number
  list: AclBinding[]
  /** False: the Instance asks nobody who they are, and has no rules. */
  isEnforced: boolean
}

export async function readAcls(
  context: ServiceContext,
  { instanceId, page, size, ...question }: AclQuestion & { instanceId: InstanceId; page: number; size: number },
): Promise<AclListing> {
  const cluster = await openCluster(context, instanceId)
  const entries = await cluster.listAcls()
  const found = matchingBindings(bindingsFrom(entries ?? []), question)
  return { total: found.length, list: found.slice((page - 1) * size, page * size), isEnforced: entries !== null }
}
