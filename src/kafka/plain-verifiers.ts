import { createHash, createHmac, pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { PlainVerifier } from '../domain/plain-verifier.ts'

/** What Millrace makes of a password for SASL PLAIN, and the file in which a node's `PlainLoginHandler` reads it. */
const derive = promisify(pbkdf2)

/** As Kafka keeps it of the same password for SCRAM: more work would protect nothing that lies beside it. */
const iterations = 4096
const saltBytes = 32
const keyBytes = 64

export async function verifierOf(
  { name, password }: { name: string; password: string },
  random: (bytes: number) => Uint8Array,
): Promise<PlainVerifier> {
  const salt = Buffer.from(random(saltBytes))
  const saltedPassword = await derive(password, salt, iterations, keyBytes, 'sha512')
  const clientKey = createHmac('sha512', saltedPassword).update('Client Key').digest()
  const storedKey = createHash('sha512').update(clientKey).digest('base64')
  return { name, iterations, salt: salt.toString('base64'), storedKey }
}

/** The number of users stands first, so that half a file is none. Kafka knows names with blanks and line ends in them. */
export function verifierFileText(verifiers: PlainVerifier[]): string {
  const lines = verifiers.map(({ name, iterations: rounds, salt, storedKey }) => {
    return `${Buffer.from(name).toString('base64')} ${rounds} ${salt} ${storedKey}\n`
  })
  return `millrace-verifiers 1 users=${verifiers.length}\n${lines.join('')}`
}
