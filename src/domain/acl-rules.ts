import {
  operationsOf,
  type AclGroup,
  type AclOperation,
  type AclResourceType,
  type AclSubject,
  type WantedBinding,
} from './acl.ts'
import type { FieldProblem } from './errors.ts'

/** What an access rule must satisfy before it is made; Kafka takes much that never matches anything. */

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

export const clusterName = 'kafka-cluster'

/** Everything wrong with it, by the fields of the wire below `path`. */
export function bindingProblems(wanted: WantedBinding, path: string): FieldProblem[] {
  const problems: [string, string | undefined][] = [
    ['accessControlParam.user', principalProblem(wanted.principal)],
    ['accessControlParam.operationGroup', groupProblem(wanted.group, wanted.resourceType)],
    ['resourcePatternParam.name', resourceNameProblem(wanted)],
    ['resourcePatternParam.patternType', patternProblem(wanted)],
  ]
  return problems.flatMap(([field, message]) => (message ? [{ path: `${path}.${field}`, message }] : []))
}

/** As it comes from the wire: `orders` is `User:orders`. */
export const principalOf = (user: string): string => `User:${user}`
export const userOf = (principal: string): string => principal.replace(/^User:/, '')

function principalProblem(principal: string): string | undefined {
  const user = userOf(principal)
  if (user === '') return 'Name a user, such as svc-orders; * is everybody.'
  return user.length > 256 ? "A principal's name has at most 256 characters." : undefined
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

function resourceNameProblem({ resourceType, resourceName, patternType }: AclSubject): string | undefined {
  if (resourceName === '') return 'Name the resource; "*" is all of them.'
  if (resourceName.length > 249) return "A resource's name has at most 249 characters."
  if (resourceType === 'CLUSTER')
    return resourceName === clusterName ? undefined : `The cluster is called "${clusterName}" here, and nothing else.`
  const hasAsterisk = resourceName.includes('*') && !(resourceName === '*' && patternType === 'LITERAL')
  return hasAsterisk
    ? 'An asterisk stands for all only when it is alone, with LITERAL. A PREFIXED name is the prefix without one.'
    : undefined
}

function patternProblem({ resourceType, patternType }: AclSubject): string | undefined {
  return resourceType === 'CLUSTER' && patternType !== 'LITERAL' ? 'The cluster is named with LITERAL.' : undefined
}

/** What people mean by "producer of" and "consumer of". */
export const aclPresets = ['producer', 'consumer'] as const

export type PresetWish = {
  preset: (typeof aclPresets)[number]
  user: string
  topic: string
  patternType: AclSubject['patternType']
  /** Of a consumer; those that begin so when the pattern is PREFIXED. */
  group?: string | undefined
  /** Of a producer that writes in transactions. */
  transactionalId?: string | undefined
}

export function presetBindings({
  preset,
  user,
  topic,
  patternType,
  group,
  transactionalId,
}: PresetWish): WantedBinding[] {
  const whose = { principal: principalOf(user), host: '*', permissionType: 'ALLOW', patternType } as const
  const onTopic = { ...whose, resourceType: 'TOPIC', resourceName: topic } as const
  if (preset === 'consumer') {
    const onGroup = group ? [{ ...whose, resourceType: 'GROUP', resourceName: group, group: 'READ' } as const] : []
    return [{ ...onTopic, group: 'CONSUME' }, ...onGroup]
  }
  const transactions = (['WRITE', 'DESCRIBE'] as const).map((operation) => ({
    ...whose,
    resourceType: 'TRANSACTIONAL_ID' as const,
    resourceName: transactionalId ?? '',
    group: operation,
  }))
  return [{ ...onTopic, group: 'PRODUCE' }, ...(transactionalId ? transactions : [])]
}
