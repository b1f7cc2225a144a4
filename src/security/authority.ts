import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { webcrypto } from 'node:crypto'
import { certificateLife } from '../domain/certificate-life.ts'

/**
 * An Instance's certificate authority: it signs the certificates of the Instance's nodes and Millrace's own, and of nobody
 * else. Certificates and keys are PEM texts; keys are PKCS#8, the only form that Kafka reads. EC P-256, SHA-256.
 */
export type KeyAndCertificate = { certificate: string; privateKey: string }

export type LeafRequest = {
  /** `CN=…`: Kafka makes the principal of it. */
  commonName: string
  dnsNames: string[]
  addresses: string[]
  now: Date
  days: number
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMs = 86_400_000

export async function createAuthority(commonName: string, now: Date): Promise<KeyAndCertificate> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity(now, certificateLife.authority),
      name: `CN=${commonName}`,
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return pems(certificate, keys)
}

export async function issueCertificate(authority: KeyAndCertificate, request: LeafRequest): Promise<KeyAndCertificate> {
  const issuer = new X509Certificate(authority.certificate)
  const [keys, signingKey] = await Promise.all([
    webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']),
    webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(authority.privateKey), algorithm, false, ['sign']),
  ])
  const names = [
    ...request.dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...request.addresses.map((value) => ({ type: 'ip' as const, value })),
  ]
  const certificate = await X509CertificateGenerator.create(
    {
      ...validity(request.now, request.days, issuer.notAfter),
      subject: `CN=${request.commonName}`,
      issuer: issuer.subject,
      publicKey: keys.publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
        new SubjectAlternativeNameExtension(names),
        // Strict verifiers, Python's from 3.13 on among them, refuse certificates without these two.
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return pems(certificate, keys)
}

/** Subjects of the certificates of a PEM text, in DER and base64. */
export const authorityNames = (pem: string): string[] =>
  PemConverter.decode(pem).map((der) =>
    Buffer.from(new X509Certificate(der).subjectName.toArrayBuffer()).toString('base64'),
  )

/** From an hour ago: clocks of nodes differ. Nothing outlives who signed it. */
const validity = (now: Date, days: number, latest?: Date) => ({
  notBefore: new Date(now.getTime() - 3_600_000),
  notAfter: new Date(Math.min(now.getTime() + days * dayMs, latest?.getTime() ?? Infinity)),
})

async function pems(certificate: X509Certificate, { privateKey }: webcrypto.CryptoKeyPair): Promise<KeyAndCertificate> {
  const key = await webcrypto.subtle.exportKey('pkcs8', privateKey)
  return { certificate: `${certificate.toString('pem')}\n`, privateKey: `${PemConverter.encode(key, 'PRIVATE KEY')}\n` }
}
