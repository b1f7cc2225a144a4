import { lateDays } from '../../domain/certificate-life.ts'
import type { Certificate } from '../api-types.ts'
import { formatMoment, plural } from '../format.ts'
import type { Tone } from '../words.ts'

type Kind = Certificate['kind']

const kindWords: Record<Kind, string> = {
  authority: 'The Instance’s authority',
  'next-authority': 'The next authority',
  'former-authority': 'The former authority',
  node: 'Nodes',
  chain: 'Your certificate',
  'client-authority': 'Authority of the clients',
}

/** Who has to see to it, in a line; the server's own words come with its warnings. */
const actorWords: Record<Kind, string> = {
  authority: 'Millrace exchanges it by itself a year before. Clients need the new ca.pem by then.',
  'next-authority': 'It is in ca.pem, and takes over in time.',
  'former-authority': 'It goes when its successor has taken over.',
  node: 'Millrace renews them by itself, by restarting one node at a time.',
  chain: 'You exchange it before it ends.',
  'client-authority': 'You exchange it before it ends.',
}

export type CertificateRow = {
  kind: Kind
  label: string
  /** Of the user's own alone: of Millrace's it says nothing new. */
  subject: string | null
  notAfter: string
  end: string
  tone: Tone
  actor: string
  warning: string | null
}

/** Of each kind the one that ends first: it is the one to care about. Pure. */
export function certificateRows(certificates: Certificate[]): CertificateRow[] {
  const byEnd = certificates.toSorted((one, other) => Date.parse(one.notAfter) - Date.parse(other.notAfter))
  return (Object.keys(kindWords) as Kind[]).flatMap((kind) => {
    const certificate = byEnd.find((one) => one.kind === kind)
    return certificate ? [rowOf(certificate)] : []
  })
}

function rowOf(certificate: Certificate): CertificateRow {
  const { kind, madeBy, subject, notAfter, daysLeft, warning } = certificate
  return {
    kind,
    label: kindWords[kind],
    subject: madeBy === 'user' ? subject : null,
    notAfter,
    end: endWords(daysLeft, notAfter),
    tone: toneOf(certificate),
    actor: actorWords[kind],
    warning,
  }
}

const endWords = (daysLeft: number, notAfter: string): string =>
  daysLeft < 0 ? `Ended ${formatMoment(notAfter)}` : `Ends ${notAfter.slice(0, 10)}, in ${plural(daysLeft, 'day')}`

function toneOf({ daysLeft, warning }: Certificate): Tone {
  if (daysLeft < lateDays) return 'bad'
  return warning ? 'warn' : 'calm'
}
