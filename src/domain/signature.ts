/**
 * `AUTOMQ-HMAC-SHA256`: how a service account signs a request. The scheme is that of AWS Signature V4 with other names, so
 * that the reference product's clients work as they are. The server, the command line and the tests all sign with this file.
 */
export const algorithm = 'AUTOMQ-HMAC-SHA256'
export const scopeEnd = 'cmp_request'

export type SigningScope = { region: string; service: string }
export const ownScope: SigningScope = { region: 'private', service: 'cmp' }

export type RequestToSign = {
  method: string
  /** As on the wire: still percent-encoded, and not normalised. */
  path: string
  /** As on the wire, behind the `?`. */
  query: string
  /** Names in small letters, in the order in which they are signed: the alphabet's. */
  headers: readonly (readonly [name: string, value: string])[]
  body: Uint8Array<ArrayBuffer>
}

export type SigningKey = {
  secretKey: string
  /** `yyyyMMdd'T'HHmmss'Z'`, as in `X-Automq-Date`. */
  timestamp: string
  scope?: SigningScope
}

/** 64 hexadecimal digits. */
export async function signatureOf(
  request: RequestToSign,
  { secretKey, timestamp, scope }: SigningKey,
): Promise<string> {
  const { region, service } = scope ?? ownScope
  const date = timestamp.slice(0, 8)
  const canonical = canonicalRequest(request, await sha256(request.body))
  const toSign = [algorithm, timestamp, `${date}/${region}/${service}/${scopeEnd}`, await sha256(encode(canonical))]
  let key = encode(`AUTOMQ${secretKey}`)
  for (const part of [date, region, service, scopeEnd]) key = await hmac(key, part)
  return toHex(await hmac(key, toSign.join('\n')))
}

export function canonicalRequest(request: Omit<RequestToSign, 'body'>, bodyHash: string): string {
  const { method, path, query, headers } = request
  return [
    method.toUpperCase(),
    path || '/',
    canonicalQuery(query),
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    headers.map(([name]) => name).join(';'),
    bodyHash,
  ].join('\n')
}

/** Sorted by name and value, everything but the unreserved letters percent-encoded; `+` is a space, as whoever reads it takes it. */
export function canonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const [name = '', ...value] = pair.split('=')
      return [decode(name), decode(value.join('='))]
    })
  return pairs
    .toSorted(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map((pair) => pair.map(percentEncode).join('='))
    .join('&')
}

/** Of `X-Automq-Date`; nothing for what is no such moment. */
export function momentOf(timestamp: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const moment = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(moment.getTime()) || timestampOf(moment) !== timestamp ? undefined : moment
}

export const timestampOf = (moment: Date): string => moment.toISOString().replace(/[-:]|\.\d+/g, '')

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** What is not well encoded stands for itself: it signs to something, and is refused elsewhere if it means nothing. */
function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}

const percentEncode = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, encode(text)))
}
