import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/**
 * Secrets that must be used again, as they lie in the database: AES-256-GCM. The first key seals; all of them open, so that
 * keys can be exchanged one after the other. A secret is bound to what it belongs to: laid under another row it does not open.
 */
export type SecretBox = {
  /** `owner` is what the secret belongs to, such as `access-key/AK…`; the same opens it. */
  seal(secret: string, owner: string): string
  /** Throws when the key is not here, or when the text or its owner is not as it was. */
  open(sealed: string, owner: string): string
  /** The same text with all in it that a former key sealed sealed anew; what a key that is not here sealed stays. */
  reseal(text: string): string
  /** Is it sealed with another key than the first? */
  isOld(sealed: string): boolean
  /** By which a text is known again that cannot be guessed from them: with each key, the one that seals first. */
  marksOf(text: string): [string, ...string[]]
}

/** Version, name of the key, owner, nonce, secret, tag. The owner is there so that all can be sealed anew, whoever they are. */
const sealedForm = /\bv1\.[0-9a-f]{8}(?:\.[\w-]*){4}/g

const version = 'v1'
const cipher = 'aes-256-gcm'

export function makeSecretBox(keys: readonly Buffer[]): SecretBox {
  const byName = new Map(keys.map((key) => [nameOf(key), key]))
  const [first] = keys
  if (!first) throw new RangeError('a secret box needs a key')
  const seal = (secret: string, owner: string): string => {
    const nonce = randomBytes(12)
    const sealing = createCipheriv(cipher, first, nonce).setAAD(Buffer.from(owner))
    const text = Buffer.concat([sealing.update(secret, 'utf8'), sealing.final()])
    const parts = [Buffer.from(owner), nonce, text, sealing.getAuthTag()].map((part) => part.toString('base64url'))
    return [version, nameOf(first), ...parts].join('.')
  }
  const open = (sealed: string, owner: string): string => {
    const { keyName, parts } = partsOf(sealed)
    const key = byName.get(keyName)
    if (!key) throw new Error(`the key ${keyName} that seals this secret is not here`)
    const [, nonce, text, tag] = parts
    const opening = createDecipheriv(cipher, key, nonce, { authTagLength: 16 })
    opening.setAAD(Buffer.from(owner)).setAuthTag(tag)
    return Buffer.concat([opening.update(text), opening.final()]).toString('utf8')
  }
  const isOld = (sealed: string): boolean => partsOf(sealed).keyName !== nameOf(first)
  const resealOne = (sealed: string): string => {
    const { keyName, parts } = partsOf(sealed)
    if (!isOld(sealed) || !byName.has(keyName)) return sealed
    const owner = parts[0].toString('utf8')
    return seal(open(sealed, owner), owner)
  }
  return {
    seal,
    open,
    isOld,
    reseal: (text) => text.replace(sealedForm, resealOne),
    marksOf: (text) => [markOf(text, first), ...keys.slice(1).map((key) => markOf(text, key))],
  }
}

const markOf = (text: string, key: Buffer): string =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', key, '', 'millrace marks', 32)))
    .update(text)
    .digest('hex')

function partsOf(sealed: string): { keyName: string; parts: [Buffer, Buffer, Buffer, Buffer] } {
  const [, keyName = '', ...parts] = sealed.split('.')
  const bytes = parts.map((part) => Buffer.from(part, 'base64url'))
  return { keyName, parts: bytes as [Buffer, Buffer, Buffer, Buffer] }
}

/** Which key it was, without saying anything of it. */
const nameOf = (key: Buffer): string =>
  createHash('sha256').update('millrace key ').update(key).digest('hex').slice(0, 8)
