import type { AclBinding, AclResourceType, AclSubject } from './acl.ts'
import { userOf } from './acl-names.ts'

export const aclSorts = ['user', 'resourceName', 'resourceType', 'group'] as const
export type AclSort = (typeof aclSorts)[number]

/** What is asked of a list of access rules; what is not said, does not matter. */
export type AclQuestion = {
  user?: string | undefined
  resourceTypes?: AclResourceType[] | undefined
  permissionType?: AclSubject['permissionType'] | undefined
  /** Part of a resource's name. */
  nameHolds?: string | undefined
  sort?: AclSort
  desc?: boolean
}

const sortedBy: Record<AclSort, (binding: AclBinding) => string> = {
  user: ({ principal }) => userOf(principal),
  resourceName: ({ resourceName }) => resourceName,
  resourceType: ({ resourceType }) => resourceType,
  group: ({ group }) => group,
}

/** Those that match in the order that is asked for, but exact names first: a program that takes the first one gets the one that it named. */
export function matchingBindings(bindings: AclBinding[], question: AclQuestion): AclBinding[] {
  const { user, resourceTypes, permissionType, nameHolds = '', sort = 'user', desc = false } = question
  const found = bindings.filter(
    (one) =>
      (user === undefined || userOf(one.principal) === user) &&
      (!resourceTypes || resourceTypes.length === 0 || resourceTypes.includes(one.resourceType)) &&
      (permissionType === undefined || one.permissionType === permissionType) &&
      one.resourceName.includes(nameHolds),
  )
  const keyOf = sortedBy[sort]
  const isExact = ({ resourceName }: AclBinding) => resourceName === nameHolds
  return found.toSorted((one, other) => {
    if (isExact(one) !== isExact(other)) return isExact(one) ? -1 : 1
    const [left, right] = desc ? [keyOf(other), keyOf(one)] : [keyOf(one), keyOf(other)]
    return left === right ? 0 : left < right ? -1 : 1
  })
}
