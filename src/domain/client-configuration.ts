import type { SaslMechanism } from './kafka-user.ts'
import { isEncrypted, type ClientListener } from './security.ts'

/**
 * What a client is configured with to reach a listener, for four kinds of client, ready to paste. Secrets are never in it:
 * `YOUR_PASSWORD` and the paths of the client's own files stand where they go.
 */
export type ClientAccess = {
  listener: ClientListener
  bootstrapServers: string
  /** Does the listener's certificate stand for the addresses that clients go to? */
  checksHostnames: boolean
  /** Is `ca.pem` to be had? Otherwise the client’s system must know who signed what the listener shows. */
  hasAuthorityFile: boolean
  /** How users sign in there; empty where they do not. */
  mechanisms: readonly SaslMechanism[]
}

export const clientKinds = ['java', 'librdkafka', 'python', 'node'] as const
export type ClientKind = (typeof clientKinds)[number]

export function clientConfigurations(access: ClientAccess): Record<ClientKind, string> {
  const librdkafka = librdkafkaSettings(access)
  const [javaRemark, librdkafkaRemark] = remarks(access)
  return {
    java: lines([...javaRemark, ...Object.entries(javaSettings(access)).map(([key, value]) => `${key}=${value}`)]),
    librdkafka: lines([...librdkafkaRemark, ...librdkafka.map(([key, value]) => `${key}=${value}`)]),
    python: pythonText(librdkafka, librdkafkaRemark),
    node: nodeText(access),
  }
}

const lines = (all: string[]): string => all.map((line) => `${line}\n`).join('')

/** What is good to know of the way to sign in. */
function remarks({ listener, hasAuthorityFile, mechanisms }: ClientAccess): [java: string[], librdkafka: string[]] {
  const trust = isEncrypted(listener) && !hasAuthorityFile ? [`# ${systemTrust}`] : []
  if (listener.method !== 'sasl') return [trust, trust]
  const risk = isEncrypted(listener) ? '' : ', but shows the password to the network'
  const takesPlain = mechanisms.includes('PLAIN')
  const tooOld = '# librdkafka before 2.6.1 cannot sign in to Kafka 4 by SCRAM.'
  return [
    takesPlain
      ? [...trust, `# PLAIN works too${risk}: org.apache.kafka.common.security.plain.PlainLoginModule.`]
      : trust,
    [...trust, takesPlain ? `${tooOld} PLAIN works there${risk}.` : tooOld],
  ]
}

const systemTrust = 'Certificates are checked by the trust store of the system, which must know who signed yours.'

const scramJaas =
  'org.apache.kafka.common.security.scram.ScramLoginModule required username="YOUR_USER" password="YOUR_PASSWORD";'

function javaSettings({
  listener,
  bootstrapServers,
  checksHostnames,
  hasAuthorityFile,
}: ClientAccess): Record<string, string> {
  return {
    'bootstrap.servers': bootstrapServers,
    'security.protocol': listener.protocol,
    ...(listener.method === 'sasl' && { 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': scramJaas }),
    ...(isEncrypted(listener) && {
      ...(hasAuthorityFile && { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': 'ca.pem' }),
      ...(!checksHostnames && { 'ssl.endpoint.identification.algorithm': '' }),
    }),
    // One file: the private key (PKCS#8), then the certificate.
    ...(listener.method === 'mtls' && { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': 'client.pem' }),
  }
}

function librdkafkaSettings({
  listener,
  bootstrapServers,
  checksHostnames,
  hasAuthorityFile,
}: ClientAccess): [string, string][] {
  return Object.entries({
    'bootstrap.servers': bootstrapServers,
    'security.protocol': listener.protocol,
    ...(listener.method === 'sasl' && {
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.username': 'YOUR_USER',
      'sasl.password': 'YOUR_PASSWORD',
    }),
    ...(isEncrypted(listener) && {
      ...(hasAuthorityFile && { 'ssl.ca.location': 'ca.pem' }),
      'ssl.endpoint.identification.algorithm': checksHostnames ? 'https' : 'none',
    }),
    ...(listener.method === 'mtls' && { 'ssl.certificate.location': 'client.crt', 'ssl.key.location': 'client.key' }),
  })
}

function pythonText(settings: [string, string][], remark: string[]): string {
  const entries = settings.map(([key, value]) => `    "${key}": "${value}",`)
  return lines([...remark, 'from confluent_kafka import Producer', '', 'producer = Producer({', ...entries, '})'])
}

function nodeText({ listener, bootstrapServers, checksHostnames, hasAuthorityFile }: ClientAccess): string {
  const isTls = isEncrypted(listener)
  const files = [
    ...(isTls && hasAuthorityFile ? [`ca: readFileSync('ca.pem')`] : []),
    ...(listener.method === 'mtls' ? [`cert: readFileSync('client.crt')`, `key: readFileSync('client.key')`] : []),
  ]
  const tls = [...files, ...(checksHostnames ? [] : ['checkServerIdentity: () => undefined'])]
  return lines([
    ...(isTls && !hasAuthorityFile ? [`// ${systemTrust}`] : []),
    `import { Producer } from '@platformatic/kafka'`,
    ...(files.length > 0 ? [`import { readFileSync } from 'node:fs'`] : []),
    '',
    'const producer = new Producer({',
    `  clientId: 'my-client',`,
    `  bootstrapBrokers: [${bootstrapServers
      .split(',')
      .map((server) => `'${server}'`)
      .join(', ')}],`,
    ...(isTls ? [`  tls: {${tls.map((part) => ` ${part}`).join()} },`] : []),
    ...(listener.method === 'sasl'
      ? [`  sasl: { mechanism: 'SCRAM-SHA-512', username: 'YOUR_USER', password: 'YOUR_PASSWORD' },`]
      : []),
    '})',
  ])
}
