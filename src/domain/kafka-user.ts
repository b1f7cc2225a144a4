import type { saslMechanisms, scramMechanisms } from './security.ts'

/** A user of an Instance's Kafka: a name with a password that is kept only salted and hashed (SCRAM, RFC 5802). */
export type ScramMechanism = (typeof scramMechanisms)[number]
export type SaslMechanism = (typeof saslMechanisms)[number]

const userName = /^[A-Za-z0-9._-]{4,64}$/

/** Kafka's name for everybody who does not sign in: a user of that name would be given what they are. */
const nobody = 'ANONYMOUS'

/** Kept in every Kafka with users and known to nobody; `kafka/users.ts` says what for. */
export const anchorUser = 'f5a5a608'

export function userNameProblem(name: string): string | undefined {
  if (name === anchorUser) return `${anchorUser} is a name that Millrace needs itself. Choose another name.`
  if (name === nobody) return `${nobody} is what Kafka calls clients that do not sign in. Choose another name.`
  return userName.test(name) ? undefined : 'A user\'s name has 4 to 64 letters, digits, ".", "_" and "-".'
}

export const passwordLimits = { least: 4, most: 64 }

/** Without control characters SASLprep leaves every password of ASCII as it is; others differ between clients. */
export function userPasswordProblem(password: string): string | undefined {
  const { least, most } = passwordLimits
  if (password.length < least || password.length > most) return `A password has ${least} to ${most} characters.`
  return /^[\x20-\x7e]+$/.test(password) ? undefined : 'A password holds visible ASCII characters and spaces only.'
}

const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** 32 characters without those that look alike: over 180 bits, and safe in every configuration file. */
export function passwordFrom(bytes: Uint8Array): string {
  if (bytes.length < 32) throw new RangeError('a password takes 32 random bytes')
  return Array.from(bytes.subarray(0, 32), (byte) => letters[byte % letters.length]).join('')
}
