import { X509Certificate } from 'node:crypto'
import type { AuthorityStanding } from '../../domain/authority-standing.ts'
import { certificateWarning, daysLeft, renewalOf, type CertificateKind } from '../../domain/certificate-life.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Node } from '../../domain/node.ts'
import { isEncrypted, listenerKinds, type InstanceSecurity } from '../../domain/security.ts'
import { readCertificates } from '../../security/own-chain.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import type { ServiceContext } from '../context.ts'
import { authoritiesIn } from './keyring.ts'

/** A certificate of an Instance: whose it is, where it is shown, and how long it lasts. Never a key. */
export type CertificateReading = {
  kind: CertificateKind
  madeBy: 'Millrace' | 'user'
  /** Listeners in Kafka's names; empty: it signs, and is shown nowhere. */
  listeners: string[]
  /** Null: the same on every node. */
  kafkaId: number | null
  certificate: X509Certificate
  daysLeft: number
  renewal: string
  warning: string | null
}

type Found = Pick<CertificateReading, 'kind' | 'madeBy' | 'listeners' | 'kafkaId'> & { pem: string | null | undefined }

/** Empty where everything is in plain text. Nodes are asked what they show; one that does not answer is left out. */
export async function listCertificates(context: ServiceContext, id: InstanceId): Promise<CertificateReading[]> {
  const { features, authority } = await getInstance(context.db, id)
  const nodes = (await listNodes(context.db, id)).filter(({ internalPort }) => internalPort !== null)
  if (nodes.length === 0) return []
  const authorities = await authoritiesIn(context, id, authority)
  const shown = await Promise.all(nodes.map((node) => shownBy(context, id, node)))
  const found: Found[] = [
    ...authorities.map(({ number, certificate: pem }) => {
      return { ...signer, kind: authorityKind(number, authority), pem }
    }),
    ...ofTheUser(features.security),
    ...shown,
  ]
  const now = context.now()
  return found.flatMap(({ pem, ...about }) => (pem ? readings(pem, about, now) : []))
}

const signer = { madeBy: 'Millrace' as const, listeners: [], kafkaId: null }

function authorityKind(number: number, { signing }: AuthorityStanding): CertificateKind {
  if (number === signing) return 'authority'
  return number > signing ? 'next-authority' : 'former-authority'
}

function ofTheUser(security: InstanceSecurity | undefined): Found[] {
  const { certificateChain, certificateAuthority } = security?.own ?? {}
  const kinds = listenerKinds(security)
  const encrypted = kinds.filter(isEncrypted).map(({ name }) => name)
  const mutual = kinds.filter(({ method }) => method === 'mtls').map(({ name }) => name)
  return [
    { kind: 'chain', madeBy: 'user', listeners: encrypted, kafkaId: null, pem: certificateChain },
    { kind: 'client-authority', madeBy: 'user', listeners: mutual, kafkaId: null, pem: certificateAuthority },
  ]
}

/** Among themselves nodes always show what Millrace made. */
async function shownBy({ clusters }: ServiceContext, id: InstanceId, node: Node): Promise<Found> {
  const { kafkaId, address: host } = node
  const port = node.internalPort!
  const pem = await clusters.shownCertificate({ kafkaId, host, port, securedBy: id }, port).catch(() => null)
  return { kind: 'node', madeBy: 'Millrace', listeners: ['INTERNAL', 'CONTROLLER'], kafkaId, pem }
}

/** Each of a chain ends by itself. */
const readings = (pem: string, about: Omit<Found, 'pem'>, now: Date): CertificateReading[] =>
  (readCertificates(pem) ?? []).map((certificate) => ({
    ...about,
    certificate,
    daysLeft: daysLeft(certificate.validToDate, now),
    renewal: renewalOf[about.kind],
    warning: certificateWarning(about.kind, certificate.validToDate, now),
  }))
