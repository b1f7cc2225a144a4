import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import type { FieldProblem } from '../domain/errors.ts'

/** Certificates of the user's own, as PEM texts: whom clients' certificates must come from, and what the listeners show. */
export type OwnCertificates = {
  certificateAuthority?: string | undefined
  /** The listeners' certificate first, then those that signed it. */
  certificateChain?: string | undefined
  privateKey?: string | undefined
}

const path = 'features.security'

/** Everything wrong with them, each with its field. No word of a problem holds a key. */
export function ownCertificateProblems(own: OwnCertificates, now: Date): FieldProblem[] {
  const { certificateAuthority = '', certificateChain = '', privateKey = '' } = own
  return [
    ...(certificateAuthority
      ? fieldProblems('certificateAuthority', () => certificatesTrouble(certificateAuthority, now))
      : []),
    ...(certificateChain ? fieldProblems('certificateChain', () => chainTrouble(certificateChain, now)) : []),
    ...(privateKey ? fieldProblems('privateKey', () => keyTrouble(privateKey, certificateChain)) : []),
    ...(certificateChain && !privateKey
      ? [{ path: `${path}.privateKey`, message: 'A certificate chain needs its private key.' }]
      : []),
  ]
}

function fieldProblems(field: string, trouble: () => string | undefined): FieldProblem[] {
  const message = trouble()
  return message ? [{ path: `${path}.${field}`, message }] : []
}

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** Undefined: not PEM, or not certificates. */
export function readCertificates(pem: string): X509Certificate[] | undefined {
  try {
    const found = (pem.match(pemBlock) ?? []).map((block) => new X509Certificate(block))
    return found.length > 0 ? found : undefined
  } catch {
    return undefined
  }
}

/** The certificates of a text, and nothing that stands between them. Throws where there is none: ask for problems first. */
export const certificatesOnly = (pem: string): string => readCertificates(pem)!.join('')

/** Unencrypted, PKCS#8 or an older form; undefined: not a private key. */
function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

/** As Kafka reads it: PKCS#8. */
export const pkcs8Of = (pem: string): string =>
  createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' }).toString()

const notPem = 'This is no certificate in PEM form (-----BEGIN CERTIFICATE-----).'

/** What is told to everybody who may see the Instance. */
function certificatesTrouble(pem: string, now: Date): string | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    return 'There is a private key in this text, which is shown to others: leave it out. Should it have been sent elsewhere like this, make another.'
  const certificates = readCertificates(pem)
  if (!certificates) return notPem
  return certificates.map((certificate) => timeTrouble(certificate, now)).find((trouble) => trouble)
}

function chainTrouble(pem: string, now: Date): string | undefined {
  const trouble = certificatesTrouble(pem, now)
  if (trouble) return trouble
  const certificates = readCertificates(pem)!
  const broken = certificates.findIndex((certificate, index) => {
    const issuer = certificates[index + 1]
    return issuer && !(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey))
  })
  if (broken >= 0)
    return `Certificate ${broken + 1} of the chain is not signed by the one after it. The server's comes first.`
  return certificates[0]!.subjectAltName
    ? undefined
    : 'The first certificate names no host (subjectAltName), so no client could check it.'
}

function timeTrouble({ validFromDate, validToDate, subject }: X509Certificate, now: Date): string | undefined {
  const name = subject.replaceAll('\n', ', ')
  if (now > validToDate) return `The certificate of ${name} ended on ${validToDate.toISOString()}.`
  return now < validFromDate ? `The certificate of ${name} begins only on ${validFromDate.toISOString()}.` : undefined
}

function keyTrouble(pem: string, chain: string): string | undefined {
  const key = readPrivateKey(pem)
  if (!key) return 'This is no unencrypted private key in PEM form (-----BEGIN PRIVATE KEY-----).'
  if (!chain) return 'A private key needs its certificate chain.'
  const [first] = readCertificates(chain) ?? []
  if (first && !first.checkPrivateKey(key)) return 'This key is not that of the first certificate of the chain.'
  return isTakenByKafka(key)
    ? undefined
    : `Kafka takes no such key: make one of RSA with ${leastRsaBits} bits or more, or of the curve P-256, P-384 or P-521.`
}

const leastRsaBits = 2048
/** P-256, P-384 and P-521, as OpenSSL calls them. */
const curves = ['prime256v1', 'secp384r1', 'secp521r1']

/** Kafka reads keys of RSA, DSA and EC in PEM; of these, what every client takes too. */
export function isTakenByKafka({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  const { modulusLength = 0, namedCurve = '' } = asymmetricKeyDetails ?? {}
  return (
    (asymmetricKeyType === 'rsa' && modulusLength >= leastRsaBits) ||
    (asymmetricKeyType === 'ec' && curves.includes(namedCurve))
  )
}

const isSignedBy = (one: X509Certificate, issuer: X509Certificate): boolean =>
  one.issuer === issuer.subject && one.verify(issuer.publicKey)

/**
 * By what those know the chain who check it, PEM: the root that it leads to, in itself or in the authority, or as far up as the
 * authority goes. Undefined: neither of them tells.
 */
export function trustAnchorOf(chain: string, authority = ''): string | undefined {
  const issuers = readCertificates(authority) ?? []
  let top = readCertificates(chain)?.at(-1)
  let isKnown = false
  while (top && !isSignedBy(top, top)) {
    const issuer = issuers.find((one) => isSignedBy(top!, one))
    if (!issuer) return isKnown ? top.toString() : undefined
    // Each stands in the way once: two that have signed each other have no end.
    issuers.splice(issuers.indexOf(issuer), 1)
    top = issuer
    isKnown = true
  }
  return top?.toString()
}

/** When the first of them ends. */
export const endOf = (pem: string): Date | undefined =>
  readCertificates(pem)
    ?.map(({ validToDate }) => validToDate)
    .toSorted((one, other) => one.getTime() - other.getTime())[0]

/** Does the certificate stand for this host, by name or address? */
export function standsFor(chain: string, host: string): boolean {
  const [first] = readCertificates(chain) ?? []
  return first !== undefined && (isIP(host) ? first.checkIP(host) : first.checkHost(host)) !== undefined
}
