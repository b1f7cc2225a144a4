import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'

/** Passwords as they are kept: scrypt with a salt of their own and its costs written beside it, so that costs can rise. */
const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** 16 MiB and some 50 ms a try: dear for a guesser, bearable at a sign-in. */
const costs = { N: 2 ** 14, r: 8, p: 1 }
const keyBytes = 32

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password.normalize('NFKC'), salt, keyBytes, costs)
  return ['scrypt', costs.N, costs.r, costs.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = hash.split('$')
  if (scheme !== 'scrypt' || !salt || !key) return false
  const expected = Buffer.from(key, 'base64url')
  const options = { N: Number(N), r: Number(r), p: Number(p) }
  const derived = await derive(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), expected.length, options)
  return timingSafeEqual(derived, expected)
}

/** What is wrong with a new password, or nothing. */
export function passwordProblem(password: string): string | undefined {
  const length = [...password].length
  if (length < 8 || length > 128) return `A password has 8 to 128 characters; this one has ${length}.`
  const isMixed = /\p{L}/u.test(password) && /\p{N}/u.test(password) && /[^\p{L}\p{N}]/u.test(password)
  return isMixed ? undefined : 'A password needs at least one letter, one digit and one other character.'
}
