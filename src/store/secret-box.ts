import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/**
 * Secrets that must be used again, as they lie in the database: AES-256-GCM. The first key seals; all of them open, so that
 * keys can be exchanged one after the other. A secret is bound to what it belongs to: laid under another row it does not open.
 */
export type SecretBox = {
  /** `owner` is what the secret belongs to, such as `access-key/AK…`; the same opens it. */
  seal(secret: string, owner: string): string
  /** Throws when the key is not here, or when the text or its owner is not as it was. */
  open(sealed: string, owner: string): string
  /** Is it sealed with another key than the first? */
  isOld(sealed: string): boolean
}

const version = 'v1'
const cipher = 'aes-256-gcm'

export function makeSecretBox(keys: readonly Buffer[]): SecretBox {
  const byName = new Map(keys.map((key) => [nameOf(key), key]))
  const [first] = keys
  if (!first) throw new RangeError('a secret box needs a key')
  return {
    seal(secret, owner) {
      const nonce = randomBytes(12)
      const sealing = createCipheriv(cipher, first, nonce).setAAD(Buffer.from(owner))
      const text = Buffer.concat([sealing.update(secret, 'utf8'), sealing.final()])
      const parts = [nonce, text, sealing.getAuthTag()].map((part) => part.toString('base64url'))
      return [version, nameOf(first), ...parts].join('.')
    },
    open(sealed, owner) {
      const [, name = '', ...parts] = sealed.split('.')
      const key = byName.get(name)
      if (!key) throw new Error(`the key ${name} that seals this secret is not here`)
      const [nonce, text, tag] = parts.map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer, Buffer]
      const opening = createDecipheriv(cipher, key, nonce, { authTagLength: 16 })
      opening.setAAD(Buffer.from(owner)).setAuthTag(tag)
      return Buffer.concat([opening.update(text), opening.final()]).toString('utf8')
    },
    isOld: (sealed) => sealed.split('.')[1] !== nameOf(first),
  }
}

/** Which key it was, without saying anything of it. */
const nameOf = (key: Buffer): string =>
  createHash('sha256').update('millrace key ').update(key).digest('hex').slice(0, 8)
