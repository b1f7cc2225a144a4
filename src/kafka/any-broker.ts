import { protocolErrors, protocolErrorsCodesById } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { AppError } from '../domain/errors.ts'
import { withBroker } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'

/** Any broker passes a request on to the controller: the first that answers does. Throws the last one's trouble. */
export async function withAnyBroker<T>(
  brokers: BrokerEndpoint[],
  use: (connection: Connection, broker: BrokerEndpoint) => Promise<T>,
  limitMs = answerLimitMs,
): Promise<T> {
  let trouble: unknown = noBroker()
  for (const broker of brokers) {
    try {
      return await withBroker(broker, limitMs, (connection) => use(connection, broker))
    } catch (error) {
      trouble = passing(error)
    }
  }
  throw trouble
}

/** What the first finds that knows of it; nothing: none of those that answer does. Throws when none answers. */
export async function findAtAnyBroker<T>(
  brokers: BrokerEndpoint[],
  find: (connection: Connection) => Promise<T | undefined>,
): Promise<T | undefined> {
  const troubles: unknown[] = []
  for (const broker of brokers) {
    try {
      const found = await withBroker(broker, answerLimitMs, find)
      if (found !== undefined) return found
    } catch (error) {
      troubles.push(passing(error))
    }
  }
  if (troubles.length === brokers.length) throw troubles.at(-1) ?? noBroker()
  return undefined
}

const noBroker = () => new AppError('unavailable', 'Kafka.Unreachable', 'The cluster has no node to ask.')

/** The trouble of this broker alone; what every broker would say is thrown. */
function passing(error: unknown): unknown {
  if (error instanceof AppError && error.kind === 'unavailable') return error
  throw error
}

const answerLimitMs = 5_000

/** What Kafka wrote beside an error code. */
export type KafkaAnswer = { errorCode: number; errorMessage?: string | null | undefined }

/**
 * Beside those that Kafka's protocol calls retriable: the controller changes, or a broker has just come back. A controller
 * that loses its office in the middle of a request answers with an unknown error.
 */
const passingToo = ['UNKNOWN_SERVER_ERROR', 'BROKER_NOT_AVAILABLE', 'STALE_BROKER_EPOCH', 'UNKNOWN_CONTROLLER_ID']

/** Kafka's refusal in its own words: `unavailable` when it passes by itself, otherwise `invalid` under the code given. */
export function refuse(what: string, code: string, { errorCode, errorMessage }: KafkaAnswer): AppError {
  const known = protocolErrors[protocolErrorsCodesById[errorCode] ?? '']
  const words = shortened((errorMessage || known?.message || `error ${errorCode}`).replace(/\.$/, ''))
  const passes = known !== undefined && (known.canRetry || passingToo.includes(known.id))
  const message = `Kafka does not ${what}: ${words}.`
  return passes ? new AppError('unavailable', 'Kafka.NotNow', message) : new AppError('invalid', code, message)
}

/** Kafka repeats what it was sent, however long. */
const longestWords = 1_000
const shortened = (words: string) => (words.length > longestWords ? `${words.slice(0, longestWords)}…` : words)
