/**
 * Kafka's access rules one by one (entries), and as people think of them (bindings): who may do a group of operations on what.
 * The groups are kept nowhere: they are read out of the entries, by the one rule below, and taken away by the same.
 */
export const aclResourceTypes = ['TOPIC', 'GROUP', 'CLUSTER', 'TRANSACTIONAL_ID', 'DELEGATION_TOKEN', 'USER'] as const
export type AclResourceType = (typeof aclResourceTypes)[number]

/** In the order in which they are shown. */
export const aclOperations = [
  'ALL',
  'READ',
  'WRITE',
  'DESCRIBE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'CLUSTER_ACTION',
  'IDEMPOTENT_WRITE',
  'CREATE_TOKENS',
  'DESCRIBE_TOKENS',
  'TWO_PHASE_COMMIT',
] as const
export type AclOperation = (typeof aclOperations)[number]

export const aclPermissionTypes = ['ALLOW', 'DENY'] as const
export const aclPatternTypes = ['LITERAL', 'PREFIXED'] as const

/** Who, where from, and on what. */
export type AclSubject = {
  /** With its kind: `User:orders`. */
  principal: string
  host: string
  permissionType: (typeof aclPermissionTypes)[number]
  resourceType: AclResourceType
  resourceName: string
  patternType: (typeof aclPatternTypes)[number]
}

export type AclEntry = AclSubject & { operation: AclOperation }

/** `ALL`, `PRODUCE` and `CONSUME`, or a single operation by its own name. */
export type AclGroup = AclOperation | 'PRODUCE' | 'CONSUME'
export const aclGroups: readonly AclGroup[] = ['PRODUCE', 'CONSUME', ...aclOperations]

export type WantedBinding = AclSubject & { group: AclGroup }

/** `hit`: what is there of the group; `miss`: what is not. */
export type AclBinding = WantedBinding & { hit: AclOperation[]; miss: AclOperation[] }

/** The first is what makes the group: without it nothing of the group is meant. */
const ofTopics: Record<'PRODUCE' | 'CONSUME', readonly AclOperation[]> = {
  PRODUCE: ['WRITE', 'DESCRIBE', 'CREATE'],
  CONSUME: ['READ', 'DESCRIBE'],
}

const isOfTopics = (group: AclGroup): group is 'PRODUCE' | 'CONSUME' => group in ofTopics

export const operationsOf = (group: AclGroup): readonly AclOperation[] =>
  isOfTopics(group) ? ofTopics[group] : [group]

export const entriesOf = ({ group, ...subject }: WantedBinding): AclEntry[] =>
  operationsOf(group).map((operation) => ({ ...subject, operation }))

const inOrder = (operations: Iterable<AclOperation>): AclOperation[] => {
  const given = new Set(operations)
  return aclOperations.filter((operation) => given.has(operation))
}

type Found = { group: AclGroup; hit: AclOperation[]; miss: AclOperation[] }

/**
 * The groups that these operations make. A group counts when all of it is there, or what makes it and one more that no whole
 * group accounts for. What is left stands alone.
 */
function groupsIn(operations: AclOperation[], resourceType: AclResourceType): Found[] {
  const candidates = resourceType === 'TOPIC' ? (['PRODUCE', 'CONSUME'] as const) : []
  const told = candidates.map((group) => {
    const all = ofTopics[group]
    return {
      group,
      first: all[0]!,
      hit: all.filter((one) => operations.includes(one)),
      miss: all.filter((one) => !operations.includes(one)),
    }
  })
  const ofWhole = new Set(told.filter(({ miss }) => miss.length === 0).flatMap(({ hit }) => hit))
  const groups = told.filter(({ first, hit, miss }) => {
    const more = hit.filter((one) => one !== first && !ofWhole.has(one))
    return miss.length === 0 || (hit.includes(first) && more.length > 0)
  })
  const covered = new Set(groups.flatMap(({ hit }) => hit))
  const alone = inOrder(operations).filter((operation) => !covered.has(operation))
  return [
    ...groups.map(({ group, hit, miss }) => ({ group, hit: [...hit], miss: [...miss] })),
    ...alone.map((operation) => ({ group: operation, hit: [operation], miss: [] })),
  ]
}

/** By it who, where from and on what are told apart. */
export const subjectKey = (one: AclSubject): string =>
  JSON.stringify([one.principal, one.host, one.permissionType, one.resourceType, one.resourceName, one.patternType])

export const entryKey = (entry: AclEntry): string => `${entry.operation} ${subjectKey(entry)}`
export const bindingKey = (binding: WantedBinding): string => `${binding.group} ${subjectKey(binding)}`

/** Everything that these entries say, in an order that stays. */
export function bindingsFrom(entries: AclEntry[]): AclBinding[] {
  return [...Map.groupBy(entries, subjectKey)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, own]) => {
      const { operation: _first, ...subject } = own[0]!
      const operations = own.map(({ operation }) => operation)
      return groupsIn(operations, subject.resourceType).map((found) => ({ ...subject, ...found }))
    })
}

/**
 * What must go so that the binding is gone. With a group no other goes: an operation that another group needs stays. An operation
 * that is named itself goes whatever needs it: who takes it away wants nobody to have it by this rule.
 */
export function entriesToRevoke({ group, ...subject }: WantedBinding, entries: AclEntry[]): AclEntry[] {
  const key = subjectKey(subject)
  const present = entries.filter((entry) => subjectKey(entry) === key).map(({ operation }) => operation)
  return operationsToRevoke(group, present, subject.resourceType).map((operation) => ({ ...subject, operation }))
}

function operationsToRevoke(group: AclGroup, present: AclOperation[], type: AclResourceType): AclOperation[] {
  if (!isOfTopics(group)) return present.filter((operation) => operation === group)
  const [first] = ofTopics[group]
  if (type !== 'TOPIC' || !present.includes(first!)) return []
  const others = groupsIn(present, type).filter((found) => found.group !== group)
  // Its first operation alone stands for what is left of it, not for a grant of its own.
  const needed = new Set(
    others.filter(({ hit, group: other }) => other !== first || hit.length > 1).flatMap(({ hit }) => hit),
  )
  return ofTopics[group].filter((operation) => present.includes(operation) && !needed.has(operation))
}

/** In the order in which they can be taken away one after the other: a group is known by operations that may be named too. */
export const groupsFirst = (bindings: WantedBinding[]): WantedBinding[] =>
  bindings.toSorted((one, other) => Number(isOfTopics(other.group)) - Number(isOfTopics(one.group)))
