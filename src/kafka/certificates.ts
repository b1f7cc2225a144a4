import { connect } from 'node:tls'
import { alterSettings } from './broker-settings.ts'
import type { BrokerEndpoint } from './cluster.ts'

/** What brokers show to those who connect. */

/**
 * Kafka reads the files of its certificates anew whenever a setting of that broker alone is altered, changed or not. Taking away
 * one that is not there leaves nothing behind.
 */
const neverSet = 'listener.name.internal.ssl.keystore.location'

export async function reloadCertificates(brokers: BrokerEndpoint[], kafkaId: number): Promise<void> {
  await alterSettings(brokers, { set: {}, remove: [neverSet] }, { kafkaId })
}

const limitMs = 1_500

/** Looks and trusts nobody: nothing is sent there. */
export async function shownCertificate({ host, identity }: BrokerEndpoint, port: number): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const mutual = identity && { cert: identity.certificate, key: identity.privateKey }
  const socket = connect({ host, port, rejectUnauthorized: false, timeout: limitMs, ...mutual }, () =>
    resolve(socket.getPeerX509Certificate()?.toString() ?? null),
  )
  socket.on('error', () => resolve(null))
  socket.on('timeout', () => resolve(null))
  try {
    return await promise
  } finally {
    socket.destroy()
  }
}
