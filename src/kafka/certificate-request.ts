/** What a server asks its client for in a handshake of TLS 1.2 (RFC 5246, 6.2.1 and 7.4.4), from the bytes that it sent. */

const handshakeRecord = 22
const certificateRequest = 13

/** Subjects of authorities in DER, base64. Undefined: it has not said so yet. */
export function authoritiesAskedFor(sent: Buffer): string[] | undefined {
  for (let rest = handshakeIn(sent); rest.length >= 4;) {
    const end = 4 + rest.readUIntBE(1, 3)
    if (rest.length < end) return undefined
    if (rest[0] === certificateRequest) return namesIn(rest.subarray(4, end))
    rest = rest.subarray(end)
  }
  return undefined
}

/** A message may lie in several records, and a record hold several. */
function handshakeIn(sent: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let rest = sent; rest.length >= 5 && rest[0] === handshakeRecord;) {
    const end = 5 + rest.readUInt16BE(3)
    parts.push(rest.subarray(5, end))
    rest = rest.subarray(end)
  }
  return Buffer.concat(parts)
}

/** Kinds of certificates come first, then algorithms of signatures. */
function namesIn(request: Buffer): string[] {
  const algorithms = 1 + request[0]!
  let at = algorithms + 2 + request.readUInt16BE(algorithms) + 2
  const names: string[] = []
  while (at + 2 <= request.length) {
    const end = at + 2 + request.readUInt16BE(at)
    names.push(request.toString('base64', at + 2, end))
    at = end
  }
  return names
}
