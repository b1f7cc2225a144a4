import { AppError, explainCause } from './errors.ts'
import type { saslMechanisms, scramMechanisms } from './security.ts'

/** A user of an Instance's Kafka: a name with a password that is kept only salted and hashed (SCRAM, RFC 5802). */
export type ScramMechanism = (typeof scramMechanisms)[number]
export type SaslMechanism = (typeof saslMechanisms)[number]

/**
 * Not what would end a path, a query, a list of names or a quoted text: people's clients, Terraform and configuration files carry
 * names about as they are.
 */
const userName = /^[\p{L}\p{M}\p{N}._:@=~-][\p{L}\p{M}\p{N}._:@=~ -]{2,62}[\p{L}\p{M}\p{N}._:@=~-]$/u

/** Kafka's name for everybody who does not sign in: a user of that name would be given what they are. */
const nobody = 'ANONYMOUS'

/** Kept in every Kafka with users and known to nobody; `kafka/users.ts` says what for. */
export const anchorUser = 'f5a5a608'

export function userNameProblem(name: string): string | undefined {
  if (name === anchorUser) return `${anchorUser} is a name that Millrace needs itself. Choose another name.`
  if (name === nobody) return `${nobody} is what Kafka calls clients that do not sign in. Choose another name.`
  if (name.startsWith('User:')) return 'Name the user without "User:", which is how access rules begin.'
  if (!userName.test(name))
    return 'A user\'s name has 4 to 64 letters, digits, ".", "_", "-", ":", "@", "=", "~" and spaces between them.'
  return isPrepared(name) ? undefined : `A user's name is written ${preparedWords}`
}

/**
 * SASLprep (RFC 4013) is done by some clients and not by others, nor by Kafka. Only what it leaves as it is means the same to
 * all: visible characters in their composed, plain form.
 */
const isPrepared = (text: string): boolean =>
  /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(text) && text.normalize('NFKC') === text

const preparedWords = 'in plain characters: none that are made of others, such as "ﬁ", and é as one.'

export const passwordLimits = { least: 4, most: 64 }

export function userPasswordProblem(password: string): string | undefined {
  const { least, most } = passwordLimits
  const { length } = [...password]
  if (length < least || length > most) return `A password has ${least} to ${most} characters.`
  return isPrepared(password) ? undefined : `A password holds visible characters and spaces, ${preparedWords}`
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
