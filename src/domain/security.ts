import type { FieldProblem } from './errors.ts'
import type { OwnCertificates } from './keyring.ts'
import type { NodeSlot } from './node.ts'

/**
 * Who may come to an Instance's Kafka, and over what. Methods and modes as they were sent say which listeners there are: each
 * method over each mode, but client certificates only over TLS. Nodes and Millrace have a listener of their own, `INTERNAL`,
 * always with certificates on both sides.
 */
export const authenticationMethods = ['anonymous', 'sasl', 'mtls'] as const
export type AuthenticationMethod = (typeof authenticationMethods)[number]
export const transitEncryptionModes = ['plaintext', 'tls'] as const
export type TransitEncryptionMode = (typeof transitEncryptionModes)[number]

/** As it was sent; absent is not empty. */
export type InstanceSecurity = {
  authenticationMethods?: string[]
  transitEncryptionModes?: string[]
  dataEncryptionMode?: string
  tlsHostnameValidationEnabled?: boolean
  /** Never echoed, as is all below. */
  own?: OwnCertificates
  /** Which of a node's ports a listener has, once others have come or gone; before that, by their order. */
  seats?: Partial<Record<ClientListenerName, number>>
  /** It was open to everybody when it began to ask who comes: the nameless keep what they had for as long as they may come. */
  keepsAnonymous?: boolean
}

export type ClientListenerName = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL' | 'MTLS'

export type ClientListener = {
  name: ClientListenerName
  method: AuthenticationMethod
  /** Kafka's security protocol. */
  protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
  port: number
}

export const scramMechanisms = ['SCRAM-SHA-512', 'SCRAM-SHA-256'] as const
/** How users sign in; the first is what Millrace advises. */
export const saslMechanisms = [...scramMechanisms, 'PLAIN'] as const

const kinds: Omit<ClientListener, 'port'>[] = [
  { name: 'PLAINTEXT', method: 'anonymous', protocol: 'PLAINTEXT' },
  { name: 'SSL', method: 'anonymous', protocol: 'SSL' },
  { name: 'SASL_PLAINTEXT', method: 'sasl', protocol: 'SASL_PLAINTEXT' },
  { name: 'SASL_SSL', method: 'sasl', protocol: 'SASL_SSL' },
  { name: 'MTLS', method: 'mtls', protocol: 'SSL' },
]

export const isEncrypted = ({ protocol }: Pick<ClientListener, 'protocol'>): boolean => protocol.endsWith('SSL')

/** How one node listens. */
export type NodeListeners = {
  internalPort: number
  listeners: ClientListener[]
  /** Are requests refused that no ACL allows? */
  isAuthorized: boolean
  /** But not those of the nameless. */
  keepsAnonymous?: boolean
}

/** In their order. Nothing said means what Kafka does by itself: anybody, in plain text. */
export function listenerKinds(security: InstanceSecurity | undefined): Omit<ClientListener, 'port'>[] {
  const methods = security?.authenticationMethods ?? ['anonymous']
  const modes = security?.transitEncryptionModes ?? ['plaintext']
  return kinds.filter(
    (kind) => methods.includes(kind.method) && modes.includes(isEncrypted(kind) ? 'tls' : 'plaintext'),
  )
}

export function clientListeners(security: InstanceSecurity | undefined, slot: NodeSlot): ClientListener[] {
  const ports = [slot.port, ...listenerPorts(slot).others]
  return listenerKinds(security).map((kind, index) => ({
    ...kind,
    port: ports[security?.seats?.[kind.name] ?? index]!,
  }))
}

/** Are requests refused that no ACL allows? */
export const isAuthorized = (security: InstanceSecurity | undefined): boolean =>
  (security?.authenticationMethods ?? []).some((method) => method !== 'anonymous')

/**
 * Where a node listens beside its slot. An address of its own has the ports after the controller's; on a shared one, each
 * further listener of all nodes has a range of 500 above those of the slots.
 */
export function listenerPorts({ port, controllerPort }: NodeSlot): { internal: number; others: number[] } {
  if (port === standardPort)
    return { internal: controllerPort + 1, others: [2, 3, 4, 5].map((more) => controllerPort + more) }
  return { internal: port + 500, others: [controllerPort + 500, port + 3_000, controllerPort + 3_000, port + 3_500] }
}

const standardPort = 9092

/** As it was sent and may be told: keys not even sealed. */
export function withoutOwnCertificates(security: InstanceSecurity): Omit<InstanceSecurity, 'own'> {
  const { own: _own, seats: _seats, keepsAnonymous: _keeps, ...told } = security
  return told
}

/** As the audit keeps it: of certificates their fingerprints alone. */
export function auditedSecurity(security: InstanceSecurity) {
  const { fingerprints } = security.own ?? {}
  return { ...withoutOwnCertificates(security), ...(fingerprints && { own: { fingerprints } }) }
}

/** Everything wrong with what was asked, each with its field. */
export function securityProblems(security: InstanceSecurity | undefined): FieldProblem[] {
  if (!security) return []
  const { authenticationMethods: methods, transitEncryptionModes: modes, own } = security
  const path = 'features.security'
  return [
    ...setProblems(methods, authenticationMethods, `${path}.authenticationMethods`),
    ...setProblems(modes, transitEncryptionModes, `${path}.transitEncryptionModes`),
    ...(methods?.includes('mtls') && !modes?.includes('tls')
      ? [
          {
            path: `${path}.transitEncryptionModes`,
            message: 'Client certificates need TLS: add tls, or leave mtls out.',
          },
        ]
      : []),
    ...(methods?.includes('mtls') && !own?.certificateAuthority
      ? [
          {
            path: `${path}.certificateAuthority`,
            message: 'Client certificates are checked against an authority: give its certificate.',
          },
        ]
      : []),
    ...(own?.certificateAuthority && !usesAuthority(security)
      ? [
          {
            path: `${path}.certificateAuthority`,
            message:
              'Nothing would use this authority: it is for client certificates (mtls), or stands behind your certificateChain. Add one of these, or leave it out.',
          },
        ]
      : []),
    ...(own?.certificateChain && !modes?.includes('tls')
      ? [
          {
            path: `${path}.certificateChain`,
            message: 'A certificate is shown over TLS alone: add tls, or leave it out.',
          },
        ]
      : []),
    ...(modes?.includes('plaintext') && methods?.every((method) => method === 'mtls')
      ? [
          {
            path: `${path}.transitEncryptionModes`,
            message:
              'Client certificates are not sent in plain text: leave plaintext out, or add a method that works there.',
          },
        ]
      : []),
  ]
}

/** Clients' certificates are checked by it, or clients know by it what the listeners show. */
export const usesAuthority = ({ authenticationMethods: methods, own }: InstanceSecurity): boolean =>
  !!methods?.includes('mtls') || !!own?.certificateChain

function setProblems(given: string[] | undefined, known: readonly string[], path: string): FieldProblem[] {
  if (!given) return []
  if (given.length === 0) return [{ path, message: `Name at least one of ${known.join(', ')}.` }]
  if (new Set(given).size < given.length) return [{ path, message: 'Name each one once.' }]
  const unknown = given.filter((one) => !known.includes(one))
  return unknown.length === 0
    ? []
    : [{ path, message: `There is no ${unknown.join(', ')} here; there are ${known.join(', ')}.` }]
}
