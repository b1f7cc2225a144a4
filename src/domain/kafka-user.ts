import { AppError, explainCause } from './errors.ts'
import type { saslMechanisms, scramMechanisms } from './security.ts'

/** A user of an Instance's Kafka: a name with a password that is kept only salted and hashed (SCRAM, RFC 5802). */
export type ScramMechanism = (typeof scramMechanisms)[number]
export type SaslMechanism = (typeof saslMechanisms)[number]

const userName = /^[A-Za-z0-9._-]{4,64}$/

/** Kafka's name for everybody who does not sign in: a user of that name would be given what they are. */
const nobody = 'ANONYMOUS'

export function userNameProblem(name: string): string | undefined {
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

const halfChangedCode = 'User.HalfChanged'

/** Which password holds depends on how a client signs in. */
export const halfChanged = (what: string, cause: unknown): AppError =>
  new AppError('unavailable', halfChangedCode, `${what}: ${explainCause(cause)} Set a password once more.`, { cause })

/** Why, where nothing of it is left. */
export const undoneCause = (thrown: unknown): unknown =>
  thrown instanceof AppError && thrown.code === halfChangedCode ? thrown.cause : thrown

const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** 32 characters without those that look alike: over 180 bits, and safe in every configuration file. */
export function passwordFrom(bytes: Uint8Array): string {
  if (bytes.length < 32) throw new RangeError('a password takes 32 random bytes')
  return Array.from(bytes.subarray(0, 32), (byte) => letters[byte % letters.length]).join('')
}
