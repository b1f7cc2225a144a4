import {
  authenticationMethods,
  listenerKinds,
  transitEncryptionModes,
  type AuthenticationMethod,
  type ClientListenerName,
  type TransitEncryptionMode,
} from '../../domain/security.ts'
import type { ChangeRequest } from '../api.ts'
import type { Certificate, Instance } from '../api-types.ts'

/** Another security for an Instance that runs, as chosen in the dialog. What is kept is not sent. Pure. */
export type Fate = 'kept' | 'given' | 'taken'

export type SecurityChangeDraft = {
  authenticationMethods: AuthenticationMethod[]
  transitEncryptionModes: TransitEncryptionMode[]
  tlsHostnameValidationEnabled: boolean
  /** What becomes of the user's own certificate. */
  chain: Fate
  certificateChain: string
  privateKey: string
  /** And of the authority that signs the clients'. */
  authority: Fate
  certificateAuthority: string
}

type Security = Instance['features']['security']

/** Certificates of the user's that the Instance has; undefined: not known yet. */
export type Held = { chain: boolean; authority: boolean } | undefined

export const heldOf = (certificates: Certificate[] | undefined): Held =>
  certificates && {
    chain: certificates.some(({ kind }) => kind === 'chain'),
    authority: certificates.some(({ kind }) => kind === 'client-authority'),
  }

export const securityChangeDraft = (security: Security): SecurityChangeDraft => ({
  ...wordsOf(security),
  chain: 'kept',
  certificateChain: '',
  privateKey: '',
  authority: 'kept',
  certificateAuthority: '',
})

function wordsOf(security: Security) {
  const methods = security?.authenticationMethods ?? ['anonymous']
  const modes = security?.transitEncryptionModes ?? ['plaintext']
  return {
    authenticationMethods: authenticationMethods.filter((method) => methods.includes(method)),
    transitEncryptionModes: transitEncryptionModes.filter((mode) => modes.includes(mode)),
    tlsHostnameValidationEnabled: security?.tlsHostnameValidationEnabled ?? true,
  }
}

/** Without TLS nothing shows the certificate: it goes with it. */
export const chainFate = ({ chain, transitEncryptionModes: modes }: SecurityChangeDraft, held: Held): Fate =>
  modes.includes('tls') ? chain : held?.chain ? 'taken' : 'kept'

/** Client certificates need an authority: where there is none yet one is given, and none is taken away. */
export function authorityFate({ authority, authenticationMethods: methods }: SecurityChangeDraft, held: Held): Fate {
  if (!methods.includes('mtls')) return held?.authority && authority === 'taken' ? 'taken' : 'kept'
  if (held && !held.authority) return 'given'
  return authority === 'taken' ? 'kept' : authority
}

type Wish = NonNullable<NonNullable<Extract<ChangeRequest, { verb: 'change' }>['body']['features']>['security']>

/** Null: nothing is asked for yet. */
export function securityRequest(draft: SecurityChangeDraft, before: Security, held: Held): ChangeRequest | null {
  const said = wordsOf(before)
  const { authenticationMethods: methods, transitEncryptionModes: modes, tlsHostnameValidationEnabled } = draft
  const chain = chainFate(draft, held)
  const authority = authorityFate(draft, held)
  const security: Wish = {
    ...(methods.join() !== said.authenticationMethods.join() && { authenticationMethods: methods }),
    ...(modes.join() !== said.transitEncryptionModes.join() && { transitEncryptionModes: modes }),
    ...(tlsHostnameValidationEnabled !== said.tlsHostnameValidationEnabled && { tlsHostnameValidationEnabled }),
    ...(chain === 'given' && draft.certificateChain && { certificateChain: draft.certificateChain }),
    ...(chain === 'given' && draft.privateKey && { privateKey: draft.privateKey }),
    ...(chain === 'taken' && { certificateChain: '', privateKey: '' }),
    ...(authority === 'given' && draft.certificateAuthority && { certificateAuthority: draft.certificateAuthority }),
    ...(authority === 'taken' && { certificateAuthority: '' }),
  }
  return Object.keys(security).length > 0 ? { verb: 'change', body: { features: { security } } } : null
}

/** What is still to be filled in, in words for the button; undefined: nothing. */
export function unfilledIn(draft: SecurityChangeDraft, held: Held): string | undefined {
  const isChainGiven = chainFate(draft, held) === 'given'
  const empty = [
    ...(isChainGiven && !draft.certificateChain ? ['the certificate chain'] : []),
    ...(isChainGiven && !draft.privateKey ? ['its private key'] : []),
    ...(authorityFate(draft, held) === 'given' && !draft.certificateAuthority
      ? ['the authority of the clients’ certificates']
      : []),
  ]
  return empty.length > 0 ? `Give ${empty.join(' and ')}.` : undefined
}

const path = (field: string) => `features.security.${field}`

/** The fields in sight, as the server names them. */
export const securityChangeFields = (draft: SecurityChangeDraft, held: Held): string[] =>
  [
    'authenticationMethods',
    'transitEncryptionModes',
    ...(chainFate(draft, held) === 'given' ? ['certificateChain', 'privateKey'] : []),
    ...(authorityFate(draft, held) === 'given' ? ['certificateAuthority'] : []),
  ].map(path)

/** What the server says of a field; of a text that is still to come it says nothing that the form does not. */
export function errorAt(draft: SecurityChangeDraft, errors: Record<string, string>, field: keyof SecurityChangeDraft) {
  return draft[field] === '' ? undefined : errors[path(field)]
}

export type ListenerFate = { name: ClientListenerName; fate: 'stays' | 'comes' | 'goes' }

/** The listeners before and after, in one list. */
export function listenerFates(draft: SecurityChangeDraft, before: Security): ListenerFate[] {
  const were = listenerKinds(before).map(({ name }) => name)
  const are = listenerKinds(draft).map(({ name }) => name)
  return [
    ...are.map((name) => ({ name, fate: were.includes(name) ? ('stays' as const) : ('comes' as const) })),
    ...were.filter((name) => !are.includes(name)).map((name) => ({ name, fate: 'goes' as const })),
  ]
}
