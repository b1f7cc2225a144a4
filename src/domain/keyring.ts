import type { AuthorityStanding } from './authority-standing.ts'
import type { InstanceId } from './id.ts'
import type { PlainVerifier } from './plain-verifier.ts'

/** Certificates of the user's own, as an Instance keeps them: PEM texts, the key sealed. */
export type OwnCertificates = {
  /** Whom clients' certificates must come from. */
  certificateAuthority?: string
  certificateChain?: string
  sealedKey?: string
  fingerprints?: CertificateFingerprints
}

/** What may be told of certificates: the SHA-256 of each. */
export type CertificateFingerprints = { authority?: string; chain?: string }

/** PEM texts: keys and what a node trusts. `client` is for its listeners for clients, `node` for all others. */
export type NodeStores = { nodeKey: string; nodeTrust: string; clientKey: string; clientTrust: string }

/** What Millrace shows to nodes, and by what it knows them. */
export type ClientIdentity = { certificate: string; privateKey: string; authority: string }

export type StoresQuestion = {
  instanceId: InstanceId
  kafkaId: number
  address: string
  own: OwnCertificates | null
  authority: AuthorityStanding
}

/** Where keys and verifiers come from when a node starts or Millrace connects to one; they are handed on nowhere else. */
export interface Keyring {
  storesFor(question: StoresQuestion): Promise<NodeStores>
  identityFor(instanceId: InstanceId): Promise<ClientIdentity>
  /** Of all its users, as they are now. */
  verifiersFor(instanceId: InstanceId): Promise<PlainVerifier[]>
}

/** Of an authority itself, by its number. */
export const authorityCommonName = (instanceId: InstanceId, number: number): string =>
  number === 1 ? `Millrace ${instanceId}` : `Millrace ${instanceId} ${number}`

/** Common names in certificates of an Instance's own authority. */
export const nodeCommonName = (kafkaId: number): string => `node-${kafkaId}`
export const millraceCommonName = 'millrace'

/** What Kafka calls them. No user can be called so: `#` is refused in names of users. */
export const nodePrincipal = '#node'
export const millracePrincipal = '#millrace'
