import type { AclSubject } from './acl.ts'

/** What an access rule may name: who, where from, and what. Kafka takes much that no client and no topic is ever called. */

/** As it comes from the wire: `orders` is `User:orders`. */
export const principalOf = (user: string): string => `User:${user}`
export const userOf = (principal: string): string => principal.replace(/^User:/, '')

export const clusterName = 'kafka-cluster'

const longestUser = 256
const longestResource = 249

/** Nobody sees them, and nobody is called so: control characters, marks of direction, spaces around a name. */
const hasUnseen = (name: string): boolean => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) || name.trim() !== name

export function principalProblem(principal: string): string | undefined {
  const user = userOf(principal)
  if (user === '') return 'Name a user, such as svc-orders; * is everybody.'
  if (user.length > longestUser) return `A user's name has at most ${longestUser} characters.`
  if (user.startsWith('User:')) return 'Name the user without "User:".'
  if (hasUnseen(user)) return "A user's name has no control characters, and no spaces around it."
  // A client's certificate may be for *.example.com.
  const hasAsterisk = user.includes('*') && user !== '*' && !user.startsWith('*.')
  return hasAsterisk ? 'An asterisk stands for everybody only when it is alone. Name each user.' : undefined
}

const addressV4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/
const addressV6 = /^(0|[1-9a-f][0-9a-f]{0,3})(:(0|[1-9a-f][0-9a-f]{0,3})){7}(%\w+)?$/

/** Kafka compares letter by letter with the client's address as Java writes it. It knows no names and no ranges. */
export function hostProblem(host: string): string | undefined {
  if (host === '*' || addressV4.test(host) || addressV6.test(host)) return undefined
  return 'A host is one address as Kafka writes it, such as 10.0.0.7 or 2001:db8:0:0:0:0:0:7; * is anywhere.'
}

export function resourceNameProblem({ resourceType, resourceName, patternType }: AclSubject): string | undefined {
  if (resourceName === '') return 'Name the resource; "*" is all of them.'
  if (resourceName.length > longestResource) return `A resource's name has at most ${longestResource} characters.`
  if (resourceType === 'CLUSTER')
    return resourceName === clusterName ? undefined : `The cluster is called "${clusterName}" here, and nothing else.`
  if (resourceName === '*' && patternType === 'LITERAL') return undefined
  if (resourceName.includes('*'))
    return 'An asterisk stands for all only when it is alone, with LITERAL. A PREFIXED name is the prefix without one.'
  if (hasUnseen(resourceName)) return "A resource's name has no control characters, and no spaces around it."
  const isForeign = resourceType === 'TOPIC' && !/^[A-Za-z0-9._-]+$/.test(resourceName)
  return isForeign ? 'A topic\'s name holds letters, digits, ".", "_" and "-" only.' : undefined
}
