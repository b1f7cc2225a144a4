/**
 * Which of an Instance's own certificate authorities count, by number. All from the oldest to the newest are trusted, by nodes,
 * by Millrace and in `ca.pem`; one signs. An authority is exchanged in three moves, and each waits until every node runs with the
 * one before: the next is trusted, then it signs, then the former is trusted no more. So at any moment each node trusts what any
 * other shows.
 */
export type AuthorityStanding = { oldest: number; signing: number; newest: number }

export const firstStanding: AuthorityStanding = { oldest: 1, signing: 1, newest: 1 }

/** How far an exchange is to go: until clients and nodes know the next authority, or until it is alone. */
export const exchangeGoals = ['published', 'exchanged'] as const
export type ExchangeGoal = (typeof exchangeGoals)[number]

export const trustedIn = ({ oldest, newest }: AuthorityStanding): number[] =>
  Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index)

export const isSettled = ({ oldest, newest }: AuthorityStanding): boolean => oldest === newest

/** What an exchange that begins here leads to. One that was left half-way is gone on with. */
export function standingAfter(standing: AuthorityStanding, goal: ExchangeGoal): AuthorityStanding {
  const newest = isSettled(standing) ? standing.newest + 1 : standing.newest
  return goal === 'published' ? { ...standing, newest } : { oldest: newest, signing: newest, newest }
}

/** The next move towards the target, once every node runs with this standing; null: it is reached. */
export function nextMove(standing: AuthorityStanding, target: AuthorityStanding): AuthorityStanding | null {
  const { oldest, signing, newest } = standing
  if (newest < target.newest) return { ...standing, newest: target.newest }
  if (signing < target.signing) return { ...standing, signing: target.signing }
  return oldest < target.oldest ? { ...standing, oldest: target.oldest } : null
}

/** For people. */
export function standingWords(standing: AuthorityStanding): string {
  const { signing } = standing
  const others = trustedIn(standing).filter((number) => number !== signing)
  return others.length === 0
    ? `number ${signing}`
    : `number ${signing} signs; number ${others.join(', ')} is trusted too`
}

/** Why a node that was started with one standing must start again to have the other; in the order of the moves. */
export function standingReasons(running: AuthorityStanding, wanted: AuthorityStanding): string[] {
  return [
    ...(running.newest === wanted.newest ? [] : ['to trust the new certificate authority']),
    ...(running.signing === wanted.signing ? [] : ['to show a certificate of the new authority']),
    ...(running.oldest === wanted.oldest ? [] : ['to trust the former authority no more']),
  ]
}

export const isSameStanding = (one: AuthorityStanding, other: AuthorityStanding): boolean =>
  standingReasons(one, other).length === 0
