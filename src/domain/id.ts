/** Ids carry their kind: 16 lower-case letters and digits behind a prefix. Typed apart, so that one cannot stand for another. */
export type InstanceId = string & { readonly kind: 'instance' }
export type OperationId = string & { readonly kind: 'operation' }
export type NodeId = string & { readonly kind: 'node' }
export type MemberId = string & { readonly kind: 'member' }
export type ServiceAccountId = string & { readonly kind: 'service-account' }

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

function sixteen(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 16) throw new RangeError('an id takes 16 random bytes')
  return bytes.subarray(0, 16)
}

/** Sixteen letters from sixteen random bytes. 256 is no multiple of 36; the bias costs under 0.2 of 82 bits. */
const suffixFrom = (bytes: Uint8Array): string => Array.from(sixteen(bytes), (byte) => alphabet[byte % 36]).join('')

export const instanceIdFrom = (bytes: Uint8Array) => `kf-${suffixFrom(bytes)}` as InstanceId
export const operationIdFrom = (bytes: Uint8Array) => `op-${suffixFrom(bytes)}` as OperationId
export const nodeIdFrom = (bytes: Uint8Array) => `node-${suffixFrom(bytes)}` as NodeId
export const memberIdFrom = (bytes: Uint8Array) => `member-${suffixFrom(bytes)}` as MemberId
export const serviceAccountIdFrom = (bytes: Uint8Array) => `sa-${suffixFrom(bytes)}` as ServiceAccountId

/** The public half of a key pair: as long as those of the reference product. */
export const accessKeyFrom = (bytes: Uint8Array): string => suffixFrom(bytes).toUpperCase()

/** A Kafka uuid: 16 bytes as base64url, 22 characters; Kafka's tools refuse one that begins with a dash. */
export function kafkaUuidFrom(bytes: Uint8Array): string {
  const copy = Uint8Array.from(sixteen(bytes))
  // The first six bits make the first character; 62 is the dash.
  if (copy[0]! >> 2 === 62) copy[0] = copy[0]! & 0x03
  return Buffer.from(copy).toString('base64url')
}
