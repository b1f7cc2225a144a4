import { useQuery } from '@tanstack/react-query'
import { roleGrants, type Permission } from '../domain/permission.ts'
import { isInternalTopic } from '../domain/topic.ts'
import type { Instance } from './api-types.ts'
import { queries } from './queries.ts'

/** Why the person may not do this, by the very rule of the server; undefined: they may. */
export function useWhyNot(permission: Permission): string | undefined {
  const { data } = useQuery(queries.session())
  if (!data || roleGrants(data.member.role, permission)) return undefined
  return `As a ${data.member.role} you may look, and change nothing here. An administrator can give you another role.`
}

/** What the server says of with every Instance. */
export type InstanceAction = keyof Instance['actions']

/** Why this person may not do it with the Instance, or nobody now. */
export function useWhyNotInstance({ actions }: Instance): (action: InstanceAction) => string | undefined {
  const mayNotUpdate = useWhyNot('instance:update')
  const mayNotDelete = useWhyNot('instance:delete')
  return (action) => {
    const { allowed, why } = actions[action]
    return (action === 'delete' ? mayNotDelete : mayNotUpdate) ?? (allowed ? undefined : why)
  }
}

/** Why nobody, or not this person, may change the topic. */
export function useWhyNotTopic(name: string): string | undefined {
  const whyNot = useWhyNot('topic:manage')
  if (!isInternalTopic(name)) return whyNot
  return 'It belongs to Kafka or to Millrace: it can be looked at, and not changed here.'
}
