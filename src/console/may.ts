import { useQuery } from '@tanstack/react-query'
import { roleGrants, type Permission } from '../domain/permission.ts'
import { isInternalTopic } from '../domain/topic.ts'
import { queries } from './queries.ts'

/** Why the person may not do this, by the very rule of the server; undefined: they may. */
export function useWhyNot(permission: Permission): string | undefined {
  const { data } = useQuery(queries.session())
  if (!data || roleGrants(data.member.role, permission)) return undefined
  return `As a ${data.member.role} you may look, and change nothing here. An administrator can give you another role.`
}

/** Why nobody, or not this person, may change the topic. */
export function useWhyNotTopic(name: string): string | undefined {
  const whyNot = useWhyNot('topic:manage')
  if (!isInternalTopic(name)) return whyNot
  return 'It belongs to Kafka or to Millrace: it can be looked at, and not changed here.'
}
