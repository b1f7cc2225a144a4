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
}

export const clientKinds = ['java', 'librdkafka', 'python', 'node'] as const
export type ClientKind = (typeof clientKinds)[number]

export function clientConfigurations(access: ClientAccess): Record<ClientKind, string> {
  const librdkafka = librdkafkaSettings(access)
  const [javaRemark, librdkafkaRemark] = remarks(access.listener)
  return {
    java: lines([...javaRemark, ...Object.entries(javaSettings(access)).map(([key, value]) => `${key}=${value}`)]),
    librdkafka: lines([...librdkafkaRemark, ...librdkafka.map(([key, value]) => `${key}=${value}`)]),
    python: pythonText(librdkafka, librdkafkaRemark),
    node: nodeText(access),
  }
}

const lines = (all: string[]): string => all.map((line) => `${line}\n`).join('')

/** What is good to know of the way to sign in. */
function remarks(listener: ClientListener): [java: string[], librdkafka: string[]] {
  if (listener.method !== 'sasl') return [[], []]
  const risk = isEncrypted(listener) ? '' : ', but shows the password to the network'
  return [
    [`# PLAIN works too${risk}: org.apache.kafka.common.security.plain.PlainLoginModule.`],
    [`# librdkafka before 2.6.1 cannot sign in to Kafka 4 by SCRAM. PLAIN works there${risk}.`],
  ]
}

const scramJaas =
  'org.apache.kafka.common.security.scram.ScramLoginModule required username="YOUR_USER" password="YOUR_PASSWORD";'

function javaSettings({ listener, bootstrapServers, checksHostnames }: ClientAccess): Record<string, string> {
  return {
    'bootstrap.servers': bootstrapServers,
    'security.protocol': listener.protocol,
    ...(listener.method === 'sasl' && { 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': scramJaas }),
    ...(isEncrypted(listener) && {
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': 'ca.pem',
      ...(!checksHostnames && { 'ssl.endpoint.identification.algorithm': '' }),
    }),
    // One file: the private key (PKCS#8), then the certificate.
    ...(listener.method === 'mtls' && { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': 'client.pem' }),
  }
}

function librdkafkaSettings({ listener, bootstrapServers, checksHostnames }: ClientAccess): [string, string][] {
  return Object.entries({
    'bootstrap.servers': bootstrapServers,
    'security.protocol': listener.protocol,
    ...(listener.method === 'sasl' && {
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.username': 'YOUR_USER',
      'sasl.password': 'YOUR_PASSWORD',
    }),
    ...(isEncrypted(listener) && {
      'ssl.ca.location': 'ca.pem',
      'ssl.endpoint.identification.algorithm': checksHostnames ? 'https' : 'none',
    }),
    ...(listener.method === 'mtls' && { 'ssl.certificate.location': 'client.crt', 'ssl.key.location': 'client.key' }),
  })
}

function pythonText(settings: [string, string][], remark: string[]): string {
  const entries = settings.map(([key, value]) => `    "${key}": "${value}",`)
  return lines([...remark, 'from confluent_kafka import Producer', '', 'producer = Producer({', ...entries, '})'])
}

function nodeText({ listener, bootstrapServers, checksHostnames }: ClientAccess): string {
  const isMutual = listener.method === 'mtls'
  const tls = [
    `ca: readFileSync('ca.pem')`,
    ...(isMutual ? [`cert: readFileSync('client.crt')`, `key: readFileSync('client.key')`] : []),
    ...(checksHostnames ? [] : ['checkServerIdentity: () => undefined']),
  ]
  return lines([
    `import { Producer } from '@platformatic/kafka'`,
    ...(isEncrypted(listener) ? [`import { readFileSync } from 'node:fs'`] : []),
    '',
    'const producer = new Producer({',
    `  clientId: 'my-client',`,
    `  bootstrapBrokers: [${bootstrapServers
      .split(',')
      .map((server) => `'${server}'`)
      .join(', ')}],`,
    ...(isEncrypted(listener) ? [`  tls: { ${tls.join(', ')} },`] : []),
    ...(listener.method === 'sasl'
      ? [`  sasl: { mechanism: 'SCRAM-SHA-512', username: 'YOUR_USER', password: 'YOUR_PASSWORD' },`]
      : []),
    '})',
  ])
}
