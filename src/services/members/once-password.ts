import { hashPassword } from './password.ts'

/** A password for somebody else to sign in with once: shown to who asks for it, kept as a hash, and good for a week. */
export type OncePassword = { password: string; passwordHash: string; until: Date }

const goodForMs = 7 * 24 * 3600_000

export async function makeOncePassword(random: (bytes: number) => Uint8Array, now: Date): Promise<OncePassword> {
  const password = Buffer.from(random(15)).toString('base64url')
  return { password, passwordHash: await hashPassword(password), until: new Date(now.getTime() + goodForMs) }
}
