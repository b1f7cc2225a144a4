/** How long certificates last, when Millrace renews its own, and when people are told that one ends: one table. Days. */
export const certificateLife = {
  /** An Instance's authority. It is not exchanged: nodes and clients know each other by it. */
  authority: 3_650,
  /** Of a node, new at every start. */
  node: 365,
  /** A node that has run for so long is restarted for new ones, by a roll like any other. */
  nodeRenewedAfter: 305,
  /** What Millrace shows to nodes; signed anew every day. */
  millrace: 2,
} as const

const dayMs = 86_400_000

export const daysLeft = (notAfter: Date, now: Date): number => Math.floor((notAfter.getTime() - now.getTime()) / dayMs)

/** Nodes that were started before then are due. */
export const renewBefore = (now: Date): Date => new Date(now.getTime() - certificateLife.nodeRenewedAfter * dayMs)

/** Of a node that has run on the certificate of its start. */
export const nodeCertificateEnd = (startedAt: Date): Date =>
  new Date(startedAt.getTime() + certificateLife.node * dayMs)

export const certificateKinds = ['authority', 'node', 'chain', 'client-authority'] as const
export type CertificateKind = (typeof certificateKinds)[number]

/** What comes of it by itself, and what a person has to do. */
export const renewalOf: Record<CertificateKind, string> = {
  authority:
    'It is not renewed, and without it the nodes no longer know each other: make a new Instance in time, and move to it.',
  node: `Millrace restarts a node that has run for ${certificateLife.nodeRenewedAfter} days, one at a time, while the Instance is Running and no Operation stands in the way; each start brings a new one.`,
  chain: 'It is yours: give the Instance a new one with its key, before it ends.',
  'client-authority': 'It is yours: give the Instance a new one before it ends.',
}

const names: Record<CertificateKind, string> = {
  authority: 'The certificate authority',
  node: 'A node’s certificate',
  chain: 'Your certificate chain',
  'client-authority': 'The authority of your clients’ certificates',
}

/** Fewer days than these are late. */
export const lateDays = 7
const soon = [30, lateDays, 0]

/** An event is written when fewer days than these are left, once for each. To move to another Instance takes longest. */
const warnedDays: Record<CertificateKind, number[]> = {
  authority: [365, ...soon],
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
