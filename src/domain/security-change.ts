import { z } from 'zod'
import type { FieldProblem } from './errors.ts'
import type { OwnCertificates } from './keyring.ts'
import type { Node } from './node.ts'
import {
  isAuthorized,
  isEncrypted,
  listenerKinds,
  securityProblems,
  usesAuthority,
  type ClientListenerName,
  type InstanceSecurity,
} from './security.ts'

/**
 * Another security for an Instance that runs: certificates exchanged, listeners added or dropped. What is absent stays as it
 * is. A listener that stays keeps its port, so no endpoint that stays ever moves.
 */
export const SecurityWish = z.object({
  authenticationMethods: z.array(z.string()).optional(),
  transitEncryptionModes: z.array(z.string()).optional(),
  dataEncryptionMode: z.string().optional(),
  tlsHostnameValidationEnabled: z.boolean().optional(),
  /** Empty: none from now on. A chain and its sealed key come together. */
  own: z
    .object({
      certificateAuthority: z.string().optional(),
      certificateChain: z.string().optional(),
      sealedKey: z.string().optional(),
      fingerprints: z.object({ authority: z.string().optional(), chain: z.string().optional() }).optional(),
    })
    .optional(),
})
export type SecurityWish = z.infer<typeof SecurityWish>

/** As an Operation keeps it: which certificates are exchanged, by their fingerprints, and none of them. */
export const recordedSecurity = ({ own, ...said }: SecurityWish): SecurityWish => ({
  ...said,
  ...(own && { own: own.fingerprints ? { fingerprints: own.fingerprints } : {} }),
})

/** What is the same in other words stays as it was said first. */
export function securityAfter(before: InstanceSecurity | undefined, wish: SecurityWish): InstanceSecurity | undefined {
  const after = wholeAfter(before, wish)
  return sameSecurity(before, after) ? before : after
}

function wholeAfter(before: InstanceSecurity | undefined, wish: SecurityWish): InstanceSecurity {
  const { own: _former, seats: _seats, keepsAnonymous: _keeps, ...said } = { ...before, ...withoutUndefined(wish) }
  const own = withoutUnused(ownAfter(before?.own, wish.own), said, wish)
  const seats = seatsAfter(before, said)
  return {
    ...said,
    ...(own && { own }),
    ...(seats && { seats }),
    ...(keepsAnonymousAfter(before, said) && { keepsAnonymous: true }),
  }
}

type Said<T> = { [K in keyof T]: Exclude<T[K], undefined> }

const withoutUndefined = <T extends object>(wish: T): Said<T> =>
  Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)) as Said<T>

/** The same chain keeps its key as it is sealed. */
function ownAfter(before: OwnCertificates | undefined, wish: SecurityWish['own']): OwnCertificates | undefined {
  const isSameChain = !wish?.certificateChain || wish.certificateChain === before?.certificateChain
  const { certificateAuthority, certificateChain, sealedKey } = {
    ...before,
    ...withoutUndefined(wish ?? {}),
    ...(isSameChain && wish?.certificateChain !== '' && before?.sealedKey && { sealedKey: before.sealedKey }),
  }
  const { authority, chain } = { ...before?.fingerprints, ...withoutUndefined(wish?.fingerprints ?? {}) }
  const hasChain = certificateChain && sealedKey
  const fingerprints = {
    ...(certificateAuthority && authority && { authority }),
    ...(hasChain && chain && { chain }),
  }
  const after = {
    ...(certificateAuthority && { certificateAuthority }),
    ...(hasChain && { certificateChain, sealedKey }),
    ...(Object.keys(fingerprints).length > 0 && { fingerprints }),
  }
  return Object.keys(after).length > 0 ? after : undefined
}

/** An authority goes with what it was for, unless it is asked for. */
function withoutUnused(
  own: OwnCertificates | undefined,
  said: InstanceSecurity,
  wish: SecurityWish,
): OwnCertificates | undefined {
  const isWanted = !own?.certificateAuthority || !!wish.own?.certificateAuthority || usesAuthority({ ...said, own })
  return isWanted ? own : undefined
}

const namesOf = (security: InstanceSecurity | undefined) => listenerKinds(security).map(({ name }) => name)

/** There are as many ports as kinds of listener, so there is always a free one. Undefined: each where its order puts it. */
function seatsAfter(before: InstanceSecurity | undefined, after: InstanceSecurity): InstanceSecurity['seats'] {
  const [were, are] = [namesOf(before), namesOf(after)]
  if (were.join() === are.join()) return before?.seats
  const kept = new Map(were.map((name, index) => [name, before?.seats?.[name] ?? index]))
  const taken = new Set(are.flatMap((name) => kept.get(name) ?? []))
  const free = [0, 1, 2, 3, 4].filter((seat) => !taken.has(seat))
  return Object.fromEntries(are.map((name) => [name, kept.get(name) ?? free.shift()!]))
}

function keepsAnonymousAfter(before: InstanceSecurity | undefined, after: InstanceSecurity): boolean {
  const mayCome = after.authenticationMethods?.includes('anonymous') ?? true
  return mayCome && isAuthorized(after) && (before?.keepsAnonymous === true || !isAuthorized(before))
}

/** Order, and a key that was sealed anew, say nothing. */
export function sameSecurity(one: InstanceSecurity | undefined, other: InstanceSecurity | undefined): boolean {
  return wordsOf(one) === wordsOf(other)
}

const wordsOf = (security: InstanceSecurity | undefined): string =>
  JSON.stringify([
    namesOf(security),
    security?.tlsHostnameValidationEnabled ?? true,
    security?.own?.certificateAuthority ?? '',
    security?.own?.certificateChain ?? '',
  ])

export type ListenerChange = { added: ClientListenerName[]; dropped: ClientListenerName[] }

export function listenerChange(
  before: InstanceSecurity | undefined,
  after: InstanceSecurity | undefined,
): ListenerChange {
  const [were, are] = [namesOf(before), namesOf(after)]
  return {
    added: are.filter((name) => !were.includes(name)),
    dropped: were.filter((name) => !are.includes(name)),
  }
}

type SecurityChange = { before: InstanceSecurity | undefined; after: InstanceSecurity | undefined; nodes: Node[] }

/** Everything wrong with what the Instance would be, and with the way there; each with its field. */
export function securityChangeProblems({ before, after, nodes }: SecurityChange): FieldProblem[] {
  const problems = securityProblems(after)
  if (problems.length > 0) return problems
  const path = 'features.security.authenticationMethods'
  const arePlain = nodes.some(({ internalPort }) => internalPort === null)
  if (arePlain && (isAuthorized(after) || hasEncryptedListener(after))) {
    const message =
      'The nodes of this Instance talk to each other in plain text, and Kafka cannot change that while they form a cluster. Make a new Instance with this security, and move to it.'
    return [{ path, message }]
  }
  const { added, dropped } = listenerChange(before, after)
  const staying = listenerKinds(after).filter(({ name }) => !added.includes(name))
  if (dropped.length === 0 || staying.length > 0) return []
  const message = `This would drop every listener that clients use now (${dropped.join(', ')}). Add the new one beside them first, move the clients, and drop the old one in a second change.`
  return [{ path, message }]
}

/** Can a change of certificates be seen on these listeners at all? */
export const hasEncryptedListener = (security: InstanceSecurity | undefined): boolean =>
  listenerKinds(security).some(isEncrypted)
