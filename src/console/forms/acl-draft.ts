import type { AclGroup, AclResourceType, AclSubject, WantedBinding } from '../../domain/acl.ts'
import { clusterName, principalOf } from '../../domain/acl-names.ts'
import { presetBindings } from '../../domain/acl-presets.ts'
import { aclGroupsFor, bindingProblems } from '../../domain/acl-rules.ts'

/** What a person has chosen of new access rules, and the rules that it makes. Pure. */
const aclKinds = ['producer', 'consumer', 'single'] as const
export type AclKind = (typeof aclKinds)[number]

/** `any`: the asterisk that stands for all. */
const aclPatterns = ['LITERAL', 'PREFIXED', 'any'] as const
export type AclPattern = (typeof aclPatterns)[number]

export type AclDraft = {
  kind: AclKind
  user: string
  /** Of the topic; of the resource, in a single rule. */
  name: string
  pattern: AclPattern
  /** Of a consumer, with a pattern of its own: who reads many topics may still have one group. */
  group: string
  groupPattern: AclPattern
  transactionalId: string
  resourceType: AclResourceType
  operation: AclGroup
  permission: AclSubject['permissionType']
  host: string
}

export const emptyAcl = (user = ''): AclDraft => ({
  kind: 'producer',
  user,
  name: '',
  pattern: 'LITERAL',
  group: '',
  groupPattern: 'LITERAL',
  transactionalId: '',
  resourceType: 'TOPIC',
  operation: 'READ',
  permission: 'ALLOW',
  host: '*',
})

/** Another type has other operations, and the cluster has one name. */
export function withResourceType(draft: AclDraft, resourceType: AclResourceType): AclDraft {
  const groups = aclGroupsFor(resourceType)
  const operation = groups.includes(draft.operation) ? draft.operation : groups[0]!
  return { ...draft, resourceType, operation, ...(resourceType === 'CLUSTER' && { pattern: 'LITERAL' as const }) }
}

const named = (pattern: AclPattern, name: string) =>
  pattern === 'any'
    ? { resourceName: '*', patternType: 'LITERAL' as const }
    : { resourceName: name.trim(), patternType: pattern }

export function bindingsOf(draft: AclDraft): WantedBinding[] {
  const { kind, user, name, pattern, group, groupPattern, transactionalId } = draft
  const topic = named(pattern, name)
  if (kind === 'single') {
    const isCluster = draft.resourceType === 'CLUSTER'
    return [
      {
        principal: principalOf(user.trim()),
        host: draft.host.trim() || '*',
        permissionType: draft.permission,
        resourceType: draft.resourceType,
        ...(isCluster ? { resourceName: clusterName, patternType: 'LITERAL' as const } : topic),
        group: draft.operation,
      },
    ]
  }
  const wish = { preset: kind, user: user.trim(), topic: topic.resourceName, patternType: topic.patternType }
  if (kind === 'producer') {
    const bindings = presetBindings({ ...wish, transactionalId: transactionalId.trim() })
    // One transactional id is meant, also where the topics are many.
    return bindings.map((one) => (one.resourceType === 'TRANSACTIONAL_ID' ? { ...one, patternType: 'LITERAL' } : one))
  }
  const readers = named(groupPattern, group)
  const bindings = presetBindings({ ...wish, group: readers.resourceName })
  return bindings.map((one) => (one.resourceType === 'GROUP' ? { ...one, ...readers } : one))
}

type AclField = 'user' | 'host' | 'name' | 'group' | 'transactionalId'
export type AclProblems = Partial<Record<AclField, string>>

/** What is wrong with each field, by the rules of the server. */
export function aclProblems(draft: AclDraft): AclProblems {
  const problems: AclProblems = {}
  for (const binding of bindingsOf(draft)) {
    for (const { path, message } of bindingProblems(binding, 'rule')) {
      const field = path.endsWith('.user') ? 'user' : path.endsWith('.host') ? 'host' : fieldOf(binding, draft)
      problems[field] ??= message
    }
  }
  // Who consumes without a group reads nothing: every consumer of Kafka's own clients is in one.
  if (draft.kind === 'consumer' && draft.groupPattern !== 'any' && draft.group.trim() === '')
    problems.group = 'Name the consumer group that it reads in.'
  return problems
}

function fieldOf({ resourceType }: WantedBinding, { kind }: AclDraft): AclField {
  if (kind === 'consumer' && resourceType === 'GROUP') return 'group'
  return kind === 'producer' && resourceType === 'TRANSACTIONAL_ID' ? 'transactionalId' : 'name'
}
