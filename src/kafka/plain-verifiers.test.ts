import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifierFileText, verifierOf } from './plain-verifiers.ts'

const zeros = (bytes: number) => new Uint8Array(bytes)
const verifierFor = (password: string, random = zeros) => verifierOf({ name: 'svc-orders', password }, random)

test('makes the stored key of SCRAM-SHA-512 from a password', async () => {
  // By Python: sha512(hmac(pbkdf2_hmac('sha512', b'pencil-4711', bytes(32), 4096), b'Client Key', 'sha512')).
  assert.deepEqual(await verifierFor('pencil-4711'), {
    name: 'svc-orders',
    iterations: 4096,
    salt: Buffer.alloc(32).toString('base64'),
    storedKey: 'JUKbPgzSb6xDTHCKUX0J7lxsGUyxelPukRGaLc3/JvY6g1KGi2vDbGZ5NDpnA5gKuuR+dSf6hgf9Ee6fZlQILQ==',
  })
})

test('makes another of another password, and of the same one with another salt', async () => {
  const [one, other, salted] = [
    await verifierFor('pencil-4711'),
    await verifierFor('pencil-4712'),
    await verifierFor('pencil-4711', (bytes) => new Uint8Array(bytes).fill(1)),
  ]
  assert.equal(new Set([one, other, salted].map(({ storedKey }) => storedKey)).size, 3)
})

test('writes a line for each user below their number, and nothing of a password', async () => {
  const verifier = await verifierFor('pencil-4711')
  assert.equal(verifierFileText([]), 'millrace-verifiers 1 users=0\n')
  const text = verifierFileText([verifier, { ...verifier, name: 'of two\nlines' }])
  assert.equal(text.split('\n')[0], 'millrace-verifiers 1 users=2')
  assert.equal(text.split('\n')[1], `c3ZjLW9yZGVycw== 4096 ${verifier.salt} ${verifier.storedKey}`)
  assert.equal(text.split('\n').length, 4)
  assert.ok(!text.includes('pencil'))
})
