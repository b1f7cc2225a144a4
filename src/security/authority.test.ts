import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate as ParsedCertificate,
} from '@peculiar/x509'
import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { createAuthority, issueCertificate } from './authority.ts'
import {
  certificatesOnly,
  endOf,
  isTakenByKafka,
  ownCertificateProblems,
  standsFor,
  trustAnchorOf,
} from './own-chain.ts'

const now = new Date('2026-01-02T03:04:05Z')
const authority = await createAuthority('Millrace kf-1', now)
const leaf = await issueCertificate(authority, {
  commonName: 'node-1',
  dnsNames: ['node-1'],
  addresses: ['127.0.1.4'],
  now,
  days: 90,
})

test('signs certificates that the authority stands behind', () => {
  const certificate = new X509Certificate(leaf.certificate)
  const issuer = new X509Certificate(authority.certificate)
  assert.ok(issuer.ca)
  assert.ok(!certificate.ca)
  assert.ok(certificate.checkIssued(issuer))
  assert.ok(certificate.verify(issuer.publicKey))
  assert.ok(certificate.checkPrivateKey(createPrivateKey(leaf.privateKey)))
  assert.equal(certificate.subject, 'CN=node-1')
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'])
})

test('says of each certificate whose key it holds and whose key has signed it, as strict verifiers ask', () => {
  const [issuer, certificate] = [authority, leaf].map((one) => new ParsedCertificate(one.certificate))
  const keyId = issuer!.getExtension(SubjectKeyIdentifierExtension)?.keyId
  assert.ok(keyId)
  assert.equal(certificate!.getExtension(AuthorityKeyIdentifierExtension)?.keyId, keyId)
  assert.ok(certificate!.getExtension(SubjectKeyIdentifierExtension)?.keyId)
})

test('writes keys as PKCS#8, the only form Kafka reads', () => {
  assert.match(leaf.privateKey, /^-----BEGIN PRIVATE KEY-----\n[\s\S]+\n-----END PRIVATE KEY-----\n$/)
})

test('ends a certificate after its days', () => {
  assert.equal(endOf(leaf.certificate)?.toISOString(), '2026-04-02T03:04:05.000Z')
})

test('gives each certificate a number of its own', async () => {
  const request = { commonName: 'node-1', dnsNames: [], addresses: ['127.0.1.4'], now, days: 1 }
  const numbers = await Promise.all(
    [1, 2].map(async () => new X509Certificate((await issueCertificate(authority, request)).certificate).serialNumber),
  )
  assert.notEqual(numbers[0], numbers[1])
})

test('stands for its names and addresses, and for no other', () => {
  assert.ok(standsFor(leaf.certificate, 'node-1'))
  assert.ok(standsFor(leaf.certificate, '127.0.1.4'))
  assert.ok(!standsFor(leaf.certificate, '127.0.1.5'))
  assert.ok(!standsFor(leaf.certificate, 'node-2'))
})

const other = await issueCertificate(authority, { commonName: 'x', dnsNames: ['x'], addresses: [], now, days: 90 })
const stranger = await createAuthority('Stranger', now)
const nameless = await createAuthority('Nameless', now)
const full = leaf.certificate + authority.certificate
const late = new Date('2026-05-01T00:00:00Z')

const cases: [promise: string, own: Parameters<typeof ownCertificateProblems>[0], at: Date, problem: RegExp | null][] =
  [
    [
      'takes a chain with its key and an authority',
      { certificateAuthority: authority.certificate, certificateChain: full, privateKey: leaf.privateKey },
      now,
      null,
    ],
    ['takes nothing at all', {}, now, null],
    ['takes empty texts for nothing', { certificateAuthority: '', certificateChain: '', privateKey: '' }, now, null],
    ['refuses what is no PEM', { certificateAuthority: 'hello' }, now, /certificateAuthority: This is no certificate/],
    [
      'refuses a broken certificate',
      { certificateAuthority: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      now,
      /no certificate/,
    ],
    [
      'refuses the key of another certificate',
      { certificateChain: full, privateKey: other.privateKey },
      now,
      /privateKey: This key is not that/,
    ],
    [
      'refuses what is no key',
      { certificateChain: full, privateKey: 'secret words' },
      now,
      /privateKey: This is no unencrypted private key/,
    ],
    [
      'refuses a chain without a key',
      { certificateChain: full },
      now,
      /privateKey: A certificate chain needs its private key/,
    ],
    [
      'refuses a key without a chain',
      { privateKey: leaf.privateKey },
      now,
      /privateKey: A private key needs its certificate chain/,
    ],
    [
      'refuses a private key among the certificates',
      { certificateChain: leaf.privateKey + full, privateKey: leaf.privateKey },
      now,
      /certificateChain: There is a private key/,
    ],
    [
      'refuses a private key beside an authority',
      { certificateAuthority: authority.certificate + authority.privateKey },
      now,
      /certificateAuthority: There is a private key/,
    ],
    [
      'refuses a chain that ended',
      { certificateChain: full, privateKey: leaf.privateKey },
      late,
      /ended on 2026-04-02/,
    ],
    [
      'refuses a chain that begins later',
      { certificateChain: full, privateKey: leaf.privateKey },
      new Date(0),
      /begins only on 2026-01-02/,
    ],
    [
      'refuses a chain out of order',
      { certificateChain: leaf.certificate + stranger.certificate, privateKey: leaf.privateKey },
      now,
      /Certificate 1 of the chain is not signed/,
    ],
    [
      'refuses a certificate that names no host',
      { certificateChain: nameless.certificate, privateKey: nameless.privateKey },
      now,
      /names no host/,
    ],
  ]
test('finds by what a chain is known: its root, wherever that stands', async () => {
  const words = (pem: string | undefined) => pem && new X509Certificate(pem).subject
  assert.equal(words(trustAnchorOf(full)), 'CN=Millrace kf-1')
  assert.equal(words(trustAnchorOf(leaf.certificate, stranger.certificate + authority.certificate)), 'CN=Millrace kf-1')
  assert.equal(words(trustAnchorOf(full, stranger.certificate)), 'CN=Millrace kf-1')
  assert.equal(words(trustAnchorOf(nameless.certificate)), 'CN=Nameless')
  assert.equal(trustAnchorOf(leaf.certificate), undefined)
  assert.equal(trustAnchorOf(leaf.certificate, stranger.certificate), undefined)
  // Of the same name, with another key.
  assert.equal(trustAnchorOf(leaf.certificate, (await createAuthority('Millrace kf-1', now)).certificate), undefined)
})

const keys: [what: string, key: KeyObject, isTaken: boolean][] = [
  ['RSA of 2048 bits', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, true],
  ['RSA of 1024 bits', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey, false],
  ['RSA-PSS', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey, false],
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, true],
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, true],
  ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey, true],
  ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey, false],
  ['Ed25519', generateKeyPairSync('ed25519').privateKey, false],
]
for (const [what, key, isTaken] of keys) {
  test(`${isTaken ? 'takes' : 'refuses'} a key of ${what}`, () => assert.equal(isTakenByKafka(key), isTaken))
}

test('keeps nothing of a text but its certificates', () => {
  const text = `Bag Attributes\n${leaf.certificate.replaceAll('\n', '\r\n')}secret words\n${authority.certificate}\n\n`
  assert.equal(certificatesOnly(text), full)
})

for (const [promise, own, at, problem] of cases) {
  test(promise, () => {
    const words = ownCertificateProblems(own, at).map(({ path, message }) => `${path}: ${message}`)
    if (problem) assert.match(words.join('\n'), problem)
    else assert.deepEqual(words, [])
    assert.ok(!words.join().includes('secret words'))
  })
}
