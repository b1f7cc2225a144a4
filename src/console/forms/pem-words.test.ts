import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pemWords } from './pem-words.ts'

test('a PEM text is told by what it holds', () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n'
  const key = '-----BEGIN EC PRIVATE KEY-----\nMII\n-----END EC PRIVATE KEY-----\n'
  assert.equal(pemWords(certificate), '1 certificate in it')
  assert.equal(pemWords(certificate + certificate + key), '2 certificates and 1 private key in it')
  assert.equal(pemWords('hello'), 'nothing in PEM form in it')
})
