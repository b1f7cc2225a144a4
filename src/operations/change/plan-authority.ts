import { standingWords } from '../../domain/authority-standing.ts'
import type { ChangeWish } from '../../domain/change.ts'
import type { Instance } from '../../domain/instance.ts'
import { hasEncryptedListener } from '../../domain/security-change.ts'
import type { Line } from './plan-security.ts'

/** What an exchange of the Instance's own authority would do, in words for its plan. */
type Asked = { instance: Instance; wish: ChangeWish; restarts: { reasons: string[] }[] }

export function authorityLines({ instance, wish }: Omit<Asked, 'restarts'>): Line[] {
  if (!wish.authority) return []
  const [from, to] = [instance.authority, wish.authority].map(standingWords) as [string, string]
  return from === to ? [] : [{ what: 'certificate authority', from, to }]
}

/** Each of its moves is a roll. */
export const restartsInAll = ({ wish, restarts }: Omit<Asked, 'instance'>): number =>
  wish.authority ? restarts.reduce((sum, { reasons }) => sum + reasons.length, 0) : restarts.length

export function authorityWarnings({ instance, wish, restarts }: Asked): string[] {
  const { authority: target } = wish
  if (!target) return []
  const { features, authority } = instance
  const rolls = Math.max(0, ...restarts.map(({ reasons }) => reasons.length))
  const showsOurs = hasEncryptedListener(features.security) && !features.security?.own?.certificateChain
  const areClientsTold = authority.newest === target.newest
  return [
    ...(rolls > 1 ? [`Every node restarts ${rolls} times, one at a time: once for each move of the exchange.`] : []),
    ...(showsOurs && target.signing > authority.signing
      ? [
          areClientsTold
            ? 'Clients that go by ca.pem need the file as it is now: the listeners show certificates of the new authority alone.'
            : 'No client has the new authority in its ca.pem yet: those that go by this file are refused once the listeners show the new certificates. Publish it first, and exchange when they have the new file.',
        ]
      : []),
    ...(showsOurs && target.newest > authority.newest && target.signing === authority.signing
      ? ['ca.pem holds both authorities from then on: give it to all clients that go by it.']
      : []),
  ]
}
