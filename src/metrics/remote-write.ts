import { compress } from 'snappyjs'
import { explainCause } from '../domain/errors.ts'
import { verdictOn, type Verdict } from '../domain/metrics-delivery.ts'
import { shownWords } from '../domain/receiver-words.ts'

/**
 * Sends to a receiver of Prometheus remote write 1.0. Never throws: whatever happens is a verdict. Redirects are not followed,
 * because they would take the password along.
 */
export type Receiver = { endPoint: string; authorization: Authorization }

export type Authorization =
  { kind: 'noauth' } | { kind: 'basic'; username: string; password: string } | { kind: 'bearer'; token: string }

/** A receiver that takes longer is tried again: the same samples twice do it no harm. */
const usualLimitMs = 10_000
const mostWordsBytes = 1_024

export type Parcel = {
  /** Encoded series, any number of messages laid end to end. */
  body: Buffer
  now: Date
  limitMs?: number
}

export async function sendSeries(receiver: Receiver, { body, now, limitMs = usualLimitMs }: Parcel): Promise<Verdict> {
  try {
    const answer = await fetch(receiver.endPoint, {
      method: 'POST',
      headers: { ...protocolHeaders, ...authorizationHeader(receiver.authorization) },
      body: new Uint8Array(compress(body)),
      redirect: 'manual',
      signal: AbortSignal.timeout(limitMs),
    })
    const { status, headers } = answer
    const contentType = headers.get('content-type')
    const words = shownWords({
      contentType,
      body: await beginningOf(answer),
      secrets: secretsOf(receiver.authorization),
    })
    return verdictOn({ status, words, retryAfter: headers.get('retry-after'), location: headers.get('location') }, now)
  } catch (thrown) {
    return { kind: 'later', why: troubleWords(thrown, limitMs), retryAfterSeconds: null }
  }
}

const protocolHeaders = {
  'Content-Type': 'application/x-protobuf',
  'Content-Encoding': 'snappy',
  'X-Prometheus-Remote-Write-Version': '0.1.0',
  'User-Agent': 'millrace',
}

function authorizationHeader(authorization: Authorization): Record<string, string> {
  if (authorization.kind === 'noauth') return {}
  if (authorization.kind === 'bearer') return { Authorization: `Bearer ${authorization.token}` }
  return { Authorization: `Basic ${pairOf(authorization)}` }
}

const pairOf = ({ username, password }: { username: string; password: string }): string =>
  Buffer.from(`${username}:${password}`).toString('base64')

/** In every form in which the receiver has them. */
function secretsOf(authorization: Authorization): string[] {
  if (authorization.kind === 'noauth') return []
  return authorization.kind === 'bearer' ? [authorization.token] : [pairOf(authorization), authorization.password]
}

/** More than a person reads; the rest is not waited for. */
async function beginningOf(answer: Response): Promise<string> {
  if (!answer.body) return ''
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of answer.body) {
    parts.push(part)
    length += part.length
    if (length >= mostWordsBytes) break
  }
  return Buffer.concat(parts).subarray(0, mostWordsBytes).toString('utf8')
}

function troubleWords(thrown: unknown, limitMs: number): string {
  if (thrown instanceof Error && thrown.name === 'TimeoutError')
    return `It did not answer within ${limitMs / 1000} seconds`
  const words = explainCause(thrown).replace(/^fetch failed: /, '')
  return `It cannot be reached: ${words.slice(0, 200)}`
}
