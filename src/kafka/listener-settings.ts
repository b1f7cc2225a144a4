import {
  isEncrypted,
  saslMechanisms,
  scramMechanisms,
  type ClientListener,
  type NodeListeners,
} from '../domain/security.ts'
import { millraceCommonName, millracePrincipal, nodePrincipal, type NodeStores } from '../domain/keyring.ts'
import { plainLoginSettings } from './plain-login.ts'

/** The listeners of a node whose cluster is secured, in Kafka's settings. Pure. */
export type NodeSecurity = NodeListeners & {
  files: StoreFiles
  /** The file by which passwords of PLAIN are checked; null: this node takes none. */
  verifiers: string | null
}

/** Paths of PEM files. */
export type StoreFiles = Record<keyof NodeStores, string>

export const internalListener = 'INTERNAL'

export function securitySettings(
  { listeners, isAuthorized, keepsAnonymous, files, verifiers }: NodeSecurity,
  controllerListener: string,
): Record<string, string> {
  const protocols = [
    `${internalListener}:SSL`,
    `${controllerListener}:SSL`,
    ...listeners.map(({ name, protocol }) => `${name}:${protocol}`),
  ]
  return {
    'listener.security.protocol.map': protocols.join(','),
    'inter.broker.listener.name': internalListener,
    ...mutualTls(internalListener, files),
    ...mutualTls(controllerListener, files),
    ...Object.assign({}, ...listeners.map((listener) => clientSettings(listener, files, verifiers))),
    ...(isAuthorized && authorization(keepsAnonymous ? [nodePrincipal, anonymous] : [nodePrincipal])),
  }
}

const prefixOf = (listener: string) => `listener.name.${listener.toLowerCase()}.`

const pemStore = (which: 'keystore' | 'truststore', path: string) => ({
  [`ssl.${which}.type`]: 'PEM',
  [`ssl.${which}.location`]: path,
})

const prefixed = (listener: string, settings: Record<string, string>) =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [prefixOf(listener) + key, value]))

/**
 * Those of TLS 1.3 first, then for clients that know 1.2 alone. ChaCha20 leads: a node that has
 * just started encrypts 250 MB/s with it on one core, and 60 MB/s with AES-GCM, until Java's second compiler has come to it.
 */
const suites = [
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  ...['CHACHA20_POLY1305_SHA256', 'AES_256_GCM_SHA384', 'AES_128_GCM_SHA256'].flatMap((cipher) => [
    `TLS_ECDHE_ECDSA_WITH_${cipher}`,
    `TLS_ECDHE_RSA_WITH_${cipher}`,
  ]),
]

/** Only the Instance's authority signs what comes here. One name for all nodes: another node changes no other's file. */
function mutualTls(listener: string, { nodeKey, nodeTrust }: StoreFiles): Record<string, string> {
  return prefixed(listener, {
    ...pemStore('keystore', nodeKey),
    ...pemStore('truststore', nodeTrust),
    'ssl.client.auth': 'required',
    'ssl.cipher.suites': suites.slice(0, 2).join(','),
    'ssl.principal.mapping.rules': `RULE:^CN=node-[0-9]+$/${nodePrincipal}/,RULE:^CN=${millraceCommonName}$/${millracePrincipal}/`,
  })
}

function clientSettings(
  listener: ClientListener,
  { clientKey, clientTrust }: StoreFiles,
  verifiers: string | null,
): Record<string, string> {
  const tls = isEncrypted(listener)
    ? {
        ...pemStore('keystore', clientKey),
        'ssl.client.auth': listener.method === 'mtls' ? 'required' : 'none',
        'ssl.cipher.suites': suites.join(','),
        ...exchangeable,
      }
    : {}
  // The user is the common name, which stands first. One that begins with `#` is nobody: the user's own authority signs it.
  const mtls =
    listener.method === 'mtls'
      ? {
          ...pemStore('truststore', clientTrust),
          'ssl.principal.mapping.rules': 'RULE:^CN=([^,#+"<>;=\\\\]+)(?:,.*)?$/$1/',
        }
      : {}
  const sasl = listener.method === 'sasl' ? saslSettings(verifiers) : {}
  return prefixed(listener.name, { ...tls, ...mtls, ...sasl })
}

/** A certificate of another name, or for other hosts, may take the place of this one while Kafka runs (KIP-978). */
const exchangeable = { 'ssl.allow.dn.changes': 'true', 'ssl.allow.san.changes': 'true' }

const saslSettings = (verifiers: string | null): Record<string, string> => ({
  'sasl.enabled.mechanisms': (verifiers === null ? scramMechanisms : saslMechanisms).join(','),
  ...Object.fromEntries(
    scramMechanisms.map((mechanism) => [
      `${mechanism.toLowerCase()}.sasl.jaas.config`,
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    ]),
  ),
  ...(verifiers !== null && plainLoginSettings(verifiers)),
})

/** What Kafka calls those who say nothing of themselves. */
const anonymous = 'ANONYMOUS'

const authorization = (others: string[]) => ({
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'false',
  'super.users': [millracePrincipal, ...others].map((name) => `User:${name}`).join(';'),
})
