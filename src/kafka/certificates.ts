import { createConnection } from 'node:net'
import { Duplex, Transform } from 'node:stream'
import { connect } from 'node:tls'
import { authorityNames } from '../security/authority.ts'
import { alterSettings } from './broker-settings.ts'
import { authoritiesAskedFor } from './certificate-request.ts'
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

/**
 * Goes by the names that are asked for: a handshake of TLS 1.2 tells them in plain text, to whoever asks. Two authorities of the
 * same name are the same to it.
 */
export async function asksForAuthority(
  { host }: BrokerEndpoint,
  port: number,
  authority: string,
): Promise<boolean | null> {
  const { promise, resolve } = Promise.withResolvers<string[] | null>()
  const wire = createConnection({ host, port, timeout: limitMs })
  let told = Buffer.alloc(0)
  const listening = new Transform({
    transform(chunk: Buffer, _encoding, passOn) {
      told = Buffer.concat([told, chunk])
      const names = authoritiesAskedFor(told)
      if (names) resolve(names)
      passOn(null, chunk)
    },
  })
  const tapped = Duplex.from({ readable: wire.pipe(listening), writable: wire })
  const socket = connect({ socket: tapped, rejectUnauthorized: false, maxVersion: 'TLSv1.2' })
  const endings = ['error', 'timeout', 'close', 'secureConnect']
  for (const one of [wire, tapped, socket]) for (const ending of endings) one.on(ending, () => resolve(null))
  try {
    const names = await promise
    return names && inOneOrder(names) === inOneOrder(authorityNames(authority))
  } finally {
    socket.destroy()
    wire.destroy()
  }
}

const inOneOrder = (names: string[]): string => [...new Set(names)].toSorted().join()

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
