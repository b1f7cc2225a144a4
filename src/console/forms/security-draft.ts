import type { FieldProblem } from '../../domain/errors.ts'
import {
  listenerKinds,
  securityProblems,
  type AuthenticationMethod,
  type ClientListenerName,
  type TransitEncryptionMode,
} from '../../domain/security.ts'
import type { NewInstance } from '../api-types.ts'

/** Who may come in, and over what, as chosen in the create form. Texts that were not typed are empty. Pure. */
export type SecurityDraft = {
  authenticationMethods: AuthenticationMethod[]
  transitEncryptionModes: TransitEncryptionMode[]
  /** Of the clients' certificates. */
  certificateAuthority: string
  /** Its own, instead of Millrace's. */
  certificateChain: string
  privateKey: string
  tlsHostnameValidationEnabled: boolean
}

export const openSecurity: SecurityDraft = {
  authenticationMethods: ['anonymous'],
  transitEncryptionModes: ['plaintext'],
  certificateAuthority: '',
  certificateChain: '',
  privateKey: '',
  tlsHostnameValidationEnabled: true,
}

/** Users with passwords, which nobody can read on the way. */
export const recommended = (draft: SecurityDraft): SecurityDraft => ({
  ...draft,
  authenticationMethods: ['sasl'],
  transitEncryptionModes: ['tls'],
})

export const isRecommended = ({ authenticationMethods, transitEncryptionModes }: SecurityDraft): boolean =>
  authenticationMethods.length > 0 &&
  !authenticationMethods.includes('anonymous') &&
  transitEncryptionModes.join() === 'tls'

export const securityFields = [
  'authenticationMethods',
  'transitEncryptionModes',
  'certificateAuthority',
  'certificateChain',
  'privateKey',
  'tlsHostnameValidationEnabled',
].map((field) => `security.${field}`)

type Security = NonNullable<NonNullable<NewInstance['features']>['security']>

/** What is sent; nothing for what every Instance is anyway. A text whose choice was taken back is left out. */
export function securityOf(draft: SecurityDraft): Security | undefined {
  const { authenticationMethods, transitEncryptionModes, tlsHostnameValidationEnabled } = draft
  if (authenticationMethods.join() === 'anonymous' && transitEncryptionModes.join() === 'plaintext') return undefined
  const isEncrypted = transitEncryptionModes.includes('tls')
  return {
    authenticationMethods,
    transitEncryptionModes,
    ...(authenticationMethods.includes('mtls') &&
      draft.certificateAuthority !== '' && { certificateAuthority: draft.certificateAuthority }),
    ...(isEncrypted && draft.certificateChain !== '' && { certificateChain: draft.certificateChain }),
    ...(isEncrypted && draft.privateKey !== '' && { privateKey: draft.privateKey }),
    ...(isEncrypted && !tlsHostnameValidationEnabled && { tlsHostnameValidationEnabled }),
  }
}

/** By the form's names of fields, from the very rule of the server. */
export function draftSecurityProblems(draft: SecurityDraft): Record<string, string> {
  const { authenticationMethods, transitEncryptionModes, certificateAuthority, certificateChain } = draft
  const isEncrypted = transitEncryptionModes.includes('tls')
  const own = { ...(authenticationMethods.includes('mtls') && certificateAuthority && { certificateAuthority }) }
  const found: FieldProblem[] = securityProblems({ authenticationMethods, transitEncryptionModes, own })
  if (isEncrypted && certificateChain !== '' && draft.privateKey === '') {
    found.push({ path: 'features.security.privateKey', message: 'A certificate is of no use without its key.' })
  }
  if (isEncrypted && certificateChain === '' && draft.privateKey !== '') {
    found.push({ path: 'features.security.certificateChain', message: 'Give the certificate that the key belongs to.' })
  }
  return Object.fromEntries(found.toReversed().map(({ path, message }) => [path.replace('features.', ''), message]))
}

/** What of it is said while one chooses: that choices do not go together, but not that a text is still to come. */
export function wrongCombinationOf(draft: SecurityDraft): Record<string, string> {
  const field = 'security.transitEncryptionModes'
  const problem = draftSecurityProblems(draft)[field]
  return problem ? { [field]: problem } : {}
}

/** Who comes to a listener, and over what. */
export const listenerWords: Record<ClientListenerName, string> = {
  PLAINTEXT: 'anybody, in plain text',
  SSL: 'anybody, over TLS',
  SASL_PLAINTEXT: 'users, in plain text',
  SASL_SSL: 'users, over TLS',
  MTLS: 'client certificates, over TLS',
}

/** The listeners for clients that follow from it. */
export const listenersOf = ({ authenticationMethods, transitEncryptionModes }: SecurityDraft): string[] =>
  listenerKinds({ authenticationMethods, transitEncryptionModes }).map(({ name }) => listenerWords[name])
