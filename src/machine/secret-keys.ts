import { randomBytes } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The keys that seal secrets in the database: 32 bytes each in Base64, the one in use first, former ones behind it. From the
 * setting, or from `secret.key` in the home, one a line, which the first start makes. Nobody but its owner may read the file.
 */
const keyBytes = 32

export async function readSecretKeys(home: string, setting: string | undefined): Promise<Buffer[]> {
  if (setting !== undefined) return keysFrom(setting.split(','), 'MILLRACE_SECRET_KEY')
  const file = join(home, 'secret.key')
  await writeFile(file, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx' }).catch(unlessThere)
  const { mode } = await stat(file)
  if ((mode & 0o077) !== 0) {
    throw new Error(`Others may read ${file}, which holds the key to all secrets. Correct it with: chmod 600 ${file}`)
  }
  return keysFrom((await readFile(file, 'utf8')).split('\n'), file)
}

function unlessThere(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'EEXIST') throw thrown
}

/** No word of a refusal holds a key. */
function keysFrom(texts: string[], where: string): Buffer[] {
  const given = texts.map((text) => text.trim()).filter((text) => text !== '')
  const keys = given.map((text) => Buffer.from(text, 'base64'))
  if (keys.length === 0 || keys.some((key) => key.length !== keyBytes)) {
    throw new Error(`${where} is wrong: a key has ${keyBytes} bytes in Base64. Make one with: openssl rand -base64 32`)
  }
  return keys
}
