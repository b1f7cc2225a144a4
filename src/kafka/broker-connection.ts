import { Connection, ProtocolError, ResponseError, type ConnectionOptions } from '@platformatic/kafka'
import { AppError } from '../domain/errors.ts'
import { nodeCommonName } from '../domain/keyring.ts'
import type { BrokerEndpoint } from './cluster.ts'
import { closeConnection, keepConnection, takeConnection } from './kept-connections.ts'

/**
 * Uses a connection to one broker, all within the limit: a hung broker accepts the connection and then says nothing. It may be one
 * that was used a moment ago. Throws `unavailable` (`Kafka.Unreachable`) naming the broker when it does not answer.
 */
export async function withBroker<T>(
  broker: BrokerEndpoint,
  limitMs: number,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const shown = broker.isEncrypted ? 'nothing' : (broker.identity?.certificate ?? '')
  const key = `${broker.kafkaId} ${broker.host}:${broker.port} ${shown}`
  const before = takeConnection(key)
  const connection = before ?? newConnection(broker, limitMs)
  const limit = timeLimit(limitMs)
  try {
    const connectAndUse = async () => {
      if (!before) await connection.connect(broker.host, broker.port)
      return use(connection)
    }
    const answer = await Promise.race([connectAndUse(), limit.passed])
    keepConnection(key, connection)
    return answer
  } catch (error) {
    closeConnection(connection)
    throw unreachable(broker, error)
  } finally {
    limit.cancel()
  }
}

/** No request of ours may take longer; each has a limit of its own besides. */
const longestRequestMs = 60_000

function newConnection(broker: BrokerEndpoint, connectTimeout: number): Connection {
  const connection = new Connection('millrace', { connectTimeout, requestTimeout: longestRequestMs, ...tlsFor(broker) })
  // Without a listener an 'error' event of a lost connection would end this process.
  connection.on('error', () => {})
  return connection
}

/** For what may be seen by everybody: test records, and that somebody answers. */
export const anyCertificate = { rejectUnauthorized: false }

/**
 * Both sides show certificates of the Instance's own authority; the node's must be that of this very node. On a listener of clients
 * it is the user's, which only they can judge.
 */
function tlsFor({ kafkaId, securedBy, isEncrypted, identity }: BrokerEndpoint): Pick<ConnectionOptions, 'tls'> {
  if (isEncrypted) return { tls: anyCertificate }
  if (!securedBy) return {}
  if (!identity)
    throw new AppError('bug', 'Kafka.NoIdentity', `Node ${kafkaId} asks for a certificate, and none was given.`)
  const { certificate: cert, privateKey: key, authority: ca } = identity
  return { tls: { ca, cert, key, servername: nodeCommonName(kafkaId) } }
}

export function timeLimit(limitMs: number): { passed: Promise<never>; cancel: () => void } {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs)
  return { passed: promise, cancel: () => clearTimeout(timer) }
}

/** The response that the client threw because a part of it carries an error code, such as a partition without a leader. */
export function responseOf(error: unknown): unknown {
  if (error instanceof ResponseError && 'response' in error) return error['response']
  throw error
}

function unreachable({ kafkaId, host, port }: BrokerEndpoint, cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const message = `Kafka node ${kafkaId} at ${host}:${port} does not answer: ${brokerTrouble(cause)}.`
  return new AppError('unavailable', 'Kafka.Unreachable', message, { cause })
}

/** A client's or broker's error in a few words. */
export function brokerTrouble(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const protocolError = protocolErrorIn(error)
  if (protocolError) return protocolError['apiId'] as string
  const code = deepestCode(error)
  return (code && plainWords[code]) || error.message.replace(/\.$/, '')
}

const plainWords: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it closed the connection',
  EHOSTUNREACH: 'its host cannot be reached',
  ETIMEDOUT: 'its host does not answer',
}

function protocolErrorIn(error: Error): ProtocolError | undefined {
  if (error instanceof ProtocolError) return error
  const parts: unknown[] = error instanceof AggregateError ? error.errors : []
  return parts.find((part): part is ProtocolError => part instanceof ProtocolError)
}

function deepestCode(error: Error): string | undefined {
  if (error.cause instanceof Error) return deepestCode(error.cause)
  return 'code' in error ? String(error.code) : undefined
}
