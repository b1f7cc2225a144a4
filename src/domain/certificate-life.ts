import { isSettled, type AuthorityStanding, type ExchangeGoal } from './authority-standing.ts'

/** How long certificates last, when Millrace renews its own, and when people are told that one ends: one table. Days. */
export const certificateLife = {
  /** An Instance's authority. */
  authority: 3_650,
  /** So long before it ends the next one is published: clients that know the listeners by it have a year to get the new file. */
  authorityPublishedBefore: 730,
  /** And so long before it takes over: no node's certificate is cut short by the authority's end. */
  authorityTakenOverBefore: 365,
  /** Of a node, new at every start. */
  node: 365,
  /** A node that has run for so long is restarted for new ones, by a roll like any other. */
  nodeRenewedAfter: 305,
  /** What Millrace shows to nodes; signed anew every day. */
  millrace: 2,
} as const

const dayMs = 86_400_000

export const daysLeft = (notAfter: Date, now: Date): number => Math.floor((notAfter.getTime() - now.getTime()) / dayMs)

/** For clients where the next authority was published late, as long as the end allows it. */
const [leastNotice, latestTakeOver] = [90, 30]

/** When a published authority takes over by itself from the one that ends then. */
export function takesOverAt(end: Date, publishedAt: Date): Date {
  const [soonest, latest] = [certificateLife.authorityTakenOverBefore, latestTakeOver].map(
    (days) => end.getTime() - days * dayMs,
  ) as [number, number]
  return new Date(Math.min(Math.max(soonest, publishedAt.getTime() + leastNotice * dayMs), latest))
}

/** `end`: of the oldest that is trusted. `publishedAt`: of the newest. */
export type AuthorityTimes = { end: Date; publishedAt: Date }

/** How far Millrace is to take an authority's exchange by itself now; null: there is time. */
export function dueExchange(standing: AuthorityStanding, times: AuthorityTimes, now: Date): ExchangeGoal | null {
  const { end, publishedAt } = times
  if (!isSettled(standing)) return now >= takesOverAt(end, publishedAt) ? 'exchanged' : null
  return daysLeft(end, now) < certificateLife.authorityPublishedBefore ? 'published' : null
}

/** Nodes that were started before then are due. */
export const renewBefore = (now: Date): Date => new Date(now.getTime() - certificateLife.nodeRenewedAfter * dayMs)

/** Of a node that has run on the certificate of its start. */
export const nodeCertificateEnd = (startedAt: Date): Date =>
  new Date(startedAt.getTime() + certificateLife.node * dayMs)

export const certificateKinds = [
  'authority',
  'next-authority',
  'former-authority',
  'node',
  'chain',
  'client-authority',
] as const
export type CertificateKind = (typeof certificateKinds)[number]

/** What comes of it by itself, and what a person has to do. */
export const renewalOf: Record<CertificateKind, string> = {
  authority: `Millrace publishes the next one ${certificateLife.authorityPublishedBefore} days before it ends, and lets it take over ${certificateLife.authorityTakenOverBefore} days before, by rolls while the Instance is Running and no Operation stands in the way. Clients that go by ca.pem need the new file, which holds both, until then.`,
  'next-authority':
    'It is in ca.pem and takes over in time, or when you exchange the authority: clients that go by ca.pem need the new file until then.',
  'former-authority':
    'Nodes still trust it while its successor takes over. It goes when the exchange of the authority has ended.',
  node: `Millrace restarts a node that has run for ${certificateLife.nodeRenewedAfter} days, one at a time, while the Instance is Running and no Operation stands in the way; each start brings a new one.`,
  chain: 'It is yours: give the Instance a new one with its key, before it ends.',
  'client-authority': 'It is yours: give the Instance a new one before it ends.',
}

const names: Record<CertificateKind, string> = {
  authority: 'The certificate authority',
  'next-authority': 'The next certificate authority',
  'former-authority': 'The former certificate authority',
  node: 'A node’s certificate',
  chain: 'Your certificate chain',
  'client-authority': 'The authority of your clients’ certificates',
}

/** Fewer days than these are late. */
export const lateDays = 7
const soon = [30, lateDays, 0]

/** An event is written when fewer days than these are left, once for each. Of the authority before it is taken over from too. */
const warnedDays: Record<CertificateKind, number[]> = {
  authority: [
    certificateLife.authorityPublishedBefore,
    ...[30, lateDays].map((days) => certificateLife.authorityTakenOverBefore + days),
    ...soon,
  ],
  'next-authority': [],
  'former-authority': [],
  node: soon,
  chain: soon,
  'client-authority': soon,
}

/** The narrowest of `warnedDays` that it has fallen under, in words; null: there is time. The same words until the next. */
export function certificateWarning(kind: CertificateKind, notAfter: Date, now: Date): string | null {
  const left = daysLeft(notAfter, now)
  const passed = warnedDays[kind].findLast((days) => left < days)
  if (passed === undefined) return null
  const day = notAfter.toISOString().slice(0, 10)
  const when = passed === 0 ? `ended on ${day}` : `ends on ${day}, in less than ${passed} days`
  return `${names[kind]} ${when}. ${renewalOf[kind]}`
}
