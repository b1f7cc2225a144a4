import { Connection, apiVersionsV3 } from '@platformatic/kafka'
import { AppError } from '../domain/errors.ts'
import { isEncrypted, type ClientListener } from '../domain/security.ts'
import { anyCertificate, brokerTrouble, timeLimit } from './broker-connection.ts'
import { shownCertificate } from './certificates.ts'
import type { BrokerEndpoint } from './cluster.ts'
import { closeConnection } from './kept-connections.ts'

/**
 * Comes to a listener as a client that has not signed in yet: the handshake of TLS where it is encrypted, and ApiVersions, which
 * Kafka answers before anybody signs in. Where clients show certificates, the handshake is all that a stranger gets.
 */
export async function askListener(broker: BrokerEndpoint, listener: ClientListener): Promise<void> {
  const { kafkaId, host } = broker
  const { name, port, method } = listener
  try {
    if (method === 'mtls') await seeCertificate({ kafkaId, host, port })
    else await askVersions({ host, port, isEncrypted: isEncrypted(listener) })
  } catch (error) {
    const words = `The listener ${name} of node ${kafkaId}, at ${host}:${port}, does not answer clients: ${brokerTrouble(error)}.`
    throw new AppError('unavailable', 'Kafka.ListenerSilent', words, { cause: error })
  }
}

const limitMs = 1_500

async function seeCertificate({ port, ...broker }: BrokerEndpoint): Promise<void> {
  if ((await shownCertificate({ ...broker, port }, port)) === null) throw new Error('it shows no certificate')
}

type Place = { host: string; port: number; isEncrypted: boolean }

/** On a connection of its own: Kafka takes this once from who has not signed in, and then wants to know who comes. */
async function askVersions({ host, port, isEncrypted: encrypted }: Place): Promise<void> {
  const connection = new Connection('millrace', { connectTimeout: limitMs, ...(encrypted && { tls: anyCertificate }) })
  connection.on('error', () => {})
  const limit = timeLimit(limitMs)
  const ask = async () => {
    await connection.connect(host, port)
    await apiVersionsV3.api.async(connection, 'millrace', '1')
  }
  try {
    await Promise.race([ask(), limit.passed])
  } finally {
    limit.cancel()
    closeConnection(connection)
  }
}
