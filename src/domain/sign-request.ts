import { algorithm, ownScope, scopeEnd, signatureOf, timestampOf } from './signature.ts'

/** A request as its sender has it. Every header given here is signed. */
export type UnsignedRequest = {
  method: string
  url: URL
  headers: Record<string, string>
  body?: string
}

export type Signer = { accessKey: string; secretKey: string; environmentId: string }

/** All headers to send the request with: those given, and those that sign it. A signature is good for fifteen minutes. */
export async function signRequest(
  request: UnsignedRequest,
  signer: Signer,
  now: Date,
): Promise<Record<string, string>> {
  const { method, url, body = '' } = request
  const timestamp = timestampOf(now)
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    host: url.host,
    'x-automq-date': timestamp,
    'x-automq-environment-id': signer.environmentId,
  }
  const names = Object.keys(headers).toSorted()
  const toSign = {
    method,
    path: url.pathname,
    query: url.search.slice(1),
    headers: names.map((name) => [name, headers[name]!] as const),
    body: new TextEncoder().encode(body),
  }
  const signature = await signatureOf(toSign, { secretKey: signer.secretKey, timestamp })
  const scope = `${timestamp.slice(0, 8)}/${ownScope.region}/${ownScope.service}/${scopeEnd}`
  const credential = `Credential=${signer.accessKey}/${scope}`
  const authorization = `${algorithm} ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return { ...headers, authorization }
}
