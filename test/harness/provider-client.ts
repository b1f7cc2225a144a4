import { request } from 'node:http'
import { algorithm, ownScope, scopeEnd, signatureOf, timestampOf } from '../../src/domain/signature.ts'
import type { Answer } from './client.ts'
import type { KeyPair } from './signed-client.ts'

/**
 * Asks over a real socket as the public Terraform provider does: five headers of its own, all of them signed, and the target
 * letter by letter as it was given, where a URL would normalise it.
 */
export type ProviderClient = (asked: RawRequest) => Promise<Answer>

export type RawRequest = { method: string; target: string; body?: string }

type Seat = { url: string; pair: KeyPair; environmentId: string; now(): Date }

export function makeProviderClient({ url, pair, environmentId, now }: Seat): ProviderClient {
  const { host, hostname, port } = new URL(url)
  return async ({ method, target, body = '' }) => {
    const timestamp = timestampOf(now())
    const [path = '', query = ''] = target.split('?')
    const headers = [
      ['accept-language', 'en'],
      ['content-type', 'application/json'],
      ['host', host],
      ['x-automq-date', timestamp],
      ['x-automq-environment-id', environmentId],
    ] as const
    const toSign = { method, path, query, headers, body: new TextEncoder().encode(body) }
    const signature = await signatureOf(toSign, { secretKey: pair.secretKey, timestamp })
    const scope = `${timestamp.slice(0, 8)}/${ownScope.region}/${ownScope.service}/${scopeEnd}`
    const names = headers.map(([name]) => name).join(';')
    const sent = {
      ...Object.fromEntries(headers),
      authorization: `${algorithm} Credential=${pair.accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
      'user-agent': 'Go-http-client/1.1',
      ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }),
    }
    return await send({ host: hostname, port, method, path: target, headers: sent }, body)
  }
}

async function send(options: Parameters<typeof request>[1], body: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const asking = request({ ...options }, (answer) => {
    const parts: Buffer[] = []
    answer.on('data', (part: Buffer) => parts.push(part))
    answer.on('error', reject)
    answer.on('end', () => {
      const text = Buffer.concat(parts).toString()
      const isJson = answer.headers['content-type']?.startsWith('application/json') && text !== ''
      const headers = new Headers(answer.headers as Record<string, string>)
      resolve({ status: answer.statusCode!, headers, text, body: isJson ? JSON.parse(text) : undefined })
    })
  })
  asking.on('error', reject)
  asking.end(body)
  return await promise
}
