import type { AclBinding, AclResourceType, AclSubject } from './acl.ts'
import { userOf } from './acl-names.ts'

/** What is asked of a list of access rules; what is not said, does not matter. */
export type AclQuestion = {
  user?: string | undefined
  resourceTypes?: AclResourceType[] | undefined
  permissionType?: AclSubject['permissionType'] | undefined
  /** Part of a resource's name. */
  nameHolds?: string | undefined
}

/** Those that match, exact names first: a program that takes the first one gets the one that it named. */
export function matchingBindings(bindings: AclBinding[], question: AclQuestion): AclBinding[] {
  const { user, resourceTypes, permissionType, nameHolds = '' } = question
  const found = bindings.filter(
    (one) =>
      (user === undefined || userOf(one.principal) === user) &&
      (!resourceTypes || resourceTypes.length === 0 || resourceTypes.includes(one.resourceType)) &&
      (permissionType === undefined || one.permissionType === permissionType) &&
      one.resourceName.includes(nameHolds),
  )
  const isExact = ({ resourceName }: AclBinding) => resourceName === nameHolds
  return [...found.filter(isExact), ...found.filter((one) => !isExact(one))]
}
