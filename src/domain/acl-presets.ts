import type { AclSubject, WantedBinding } from './acl.ts'
import { principalOf } from './acl-names.ts'
import { bindingProblems } from './acl-rules.ts'
import type { FieldProblem } from './errors.ts'

/** What people mean by "producer of" and "consumer of", as access rules. */
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

/** Everything wrong with the wish, each with its own field: a person has written no rules. */
export function presetProblems(wish: PresetWish): FieldProblem[] {
  const { preset, group, transactionalId } = wish
  const optional: [field: string, given: string | undefined, of: PresetWish['preset'], word: string][] = [
    ['group', group, 'consumer', 'group'],
    ['transactionalId', transactionalId, 'producer', 'transactional id'],
  ]
  const misplaced = optional.flatMap(([path, given, of, word]) => {
    if (given === undefined) return []
    if (given === '') return [{ path, message: `Name the ${word}, or leave the field out.` }]
    return preset === of ? [] : [{ path, message: `A ${preset} has no ${word}: it is of a ${of}.` }]
  })
  const named = presetBindings(wish).flatMap((binding) =>
    bindingProblems(binding, binding.resourceType).map(({ path, message }) => ({ path: fieldOf(path), message })),
  )
  return [...new Map([...named, ...misplaced].map((problem) => [problem.path, problem])).values()]
}

function fieldOf(path: string): string {
  if (path.endsWith('.user')) return 'user'
  if (path.startsWith('GROUP')) return 'group'
  return path.startsWith('TRANSACTIONAL_ID') ? 'transactionalId' : 'topic'
}
