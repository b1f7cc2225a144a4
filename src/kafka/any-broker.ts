import type { Connection } from '@platformatic/kafka'
import { AppError } from '../domain/errors.ts'
import { withBroker } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'

/** Any broker passes a request on to the controller: the first that answers does. Throws the last one's trouble. */
export async function withAnyBroker<T>(
  brokers: BrokerEndpoint[],
  use: (connection: Connection) => Promise<T>,
  limitMs = answerLimitMs,
): Promise<T> {
  let trouble: unknown = new AppError('unavailable', 'Kafka.Unreachable', 'The cluster has no node to ask.')
  for (const broker of brokers) {
    try {
      return await withBroker(broker, limitMs, use)
    } catch (error) {
      if (!(error instanceof AppError && error.kind === 'unavailable')) throw error
      trouble = error
    }
  }
  throw trouble
}

const answerLimitMs = 5_000

/** What Kafka wrote beside an error code. */
export type KafkaAnswer = { errorCode: number; errorMessage?: string | null | undefined }

/** Codes that pass by themselves: the controller moves, a request was late. */
const passing = new Set([5, 6, 7, 8, 9, 13, 14, 15, 16, 41, 77, 116, 119, 129])

/** Kafka's refusal in its own words: `unavailable` when it passes by itself, otherwise `invalid` under the code given. */
export function refuse(what: string, code: string, { errorCode, errorMessage }: KafkaAnswer): AppError {
  const words = errorMessage ? errorMessage.replace(/\.$/, '') : `error ${errorCode}`
  const kind = passing.has(errorCode) ? 'unavailable' : 'invalid'
  return new AppError(kind, kind === 'invalid' ? code : 'Kafka.NotNow', `Kafka does not ${what}: ${words}.`)
}
