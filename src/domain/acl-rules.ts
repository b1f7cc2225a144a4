import {
  bindingKey,
  operationsOf,
  type AclGroup,
  type AclOperation,
  type AclResourceType,
  type AclSubject,
  type WantedBinding,
} from './acl.ts'
import { hostProblem, principalProblem, resourceNameProblem } from './acl-names.ts'
import type { FieldProblem } from './errors.ts'

/** What access rules must satisfy before they are made; Kafka takes much that never matches anything. */

/** KIP-11 and those after it. `ALL` is everywhere. */
const operationsFor: Record<AclResourceType, readonly AclOperation[]> = {
  TOPIC: ['READ', 'WRITE', 'CREATE', 'DELETE', 'ALTER', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  GROUP: ['READ', 'DELETE', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  CLUSTER: ['CREATE', 'CLUSTER_ACTION', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS', 'IDEMPOTENT_WRITE', 'ALTER', 'DESCRIBE'],
  TRANSACTIONAL_ID: ['DESCRIBE', 'WRITE', 'TWO_PHASE_COMMIT'],
  DELEGATION_TOKEN: ['DESCRIBE'],
  USER: ['CREATE_TOKENS', 'DESCRIBE_TOKENS'],
}

/** Everything that can be granted on a resource of this type, groups first. */
export const aclGroupsFor = (resourceType: AclResourceType): readonly AclGroup[] => [
  ...(resourceType === 'TOPIC' ? (['PRODUCE', 'CONSUME'] as const) : []),
  'ALL',
  ...operationsFor[resourceType],
]

/** Everything wrong with it, by the fields of the wire below `path`. */
export function bindingProblems(wanted: WantedBinding, path: string): FieldProblem[] {
  const problems: [string, string | undefined][] = [
    ['accessControlParam.user', principalProblem(wanted.principal)],
    ['accessControlParam.host', hostProblem(wanted.host)],
    ['accessControlParam.operationGroup', groupProblem(wanted.group, wanted.resourceType)],
    ['resourcePatternParam.name', resourceNameProblem(wanted)],
    ['resourcePatternParam.patternType', patternProblem(wanted)],
  ]
  return problems.flatMap(([field, message]) => (message ? [{ path: `${path}.${field}`, message }] : []))
}

function groupProblem(group: AclGroup, resourceType: AclResourceType): string | undefined {
  if (group === 'ALL') return undefined
  const isGroup = operationsOf(group).length > 1
  if (isGroup)
    return resourceType === 'TOPIC'
      ? undefined
      : `${group} is for a TOPIC. For a ${resourceType} take ALL or one of ${listFor(resourceType)}.`
  const isKnown = operationsFor[resourceType].includes(group as AclOperation)
  return isKnown ? undefined : `A ${resourceType} has no operation ${group}; it has ALL, ${listFor(resourceType)}.`
}

const listFor = (resourceType: AclResourceType): string => operationsFor[resourceType].join(', ')

function patternProblem({ resourceType, patternType }: AclSubject): string | undefined {
  return resourceType === 'CLUSTER' && patternType !== 'LITERAL' ? 'The cluster is named with LITERAL.' : undefined
}

/** Where in a request each rule of a batch stands. */
export const ruleAt = (index: number): string => `params.${index}`

/** A rule that a batch says twice is a slip: two of them were meant to be different. */
export function twiceProblems(batch: WantedBinding[]): FieldProblem[] {
  const first = new Map<string, number>()
  return batch.flatMap((binding, index) => {
    const key = bindingKey(binding)
    const before = first.get(key)
    if (before === undefined) first.set(key, index)
    return before === undefined
      ? []
      : [{ path: ruleAt(index), message: `The same rule is ${ruleAt(before)} already. Name each rule once.` }]
  })
}
