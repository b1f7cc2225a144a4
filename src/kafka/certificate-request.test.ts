import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { after, test } from 'node:test'
import { createAuthority, issueCertificate } from '../security/authority.ts'
import { asksForAuthority } from './certificates.ts'

const now = new Date()
const [first, second, stranger] = await Promise.all(
  ['First', 'Second', 'Other'].map((name) => createAuthority(name, now)),
)
const names = { commonName: 'kafka', dnsNames: ['kafka'], addresses: [] }
const { certificate: cert, privateKey: key } = await issueCertificate(first!, { ...names, now, days: 1 })

/** So many that they fill several records. */
const many = await Promise.all(
  Array.from(
    { length: 200 },
    async (_, index) => (await createAuthority(`${index} ${'x'.repeat(90)}`, now)).certificate,
  ),
)

const serve = async (ca: string | undefined) => {
  const server = createServer({ cert, key, ...(ca && { requestCert: true, ca }) }).listen(0, '127.0.0.1')
  server.on('tlsClientError', () => {})
  after(() => server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
const broker = { kafkaId: 1, host: '127.0.0.1', port: 1 }
const both = first!.certificate + second!.certificate

const cases: [promise: string, trusted: string | undefined, asked: string, answer: boolean | null][] = [
  ['knows the authority that a listener asks for', first!.certificate, first!.certificate, true],
  ['tells another apart', first!.certificate, stranger!.certificate, false],
  ['knows all of several, in any order', both, second!.certificate + first!.certificate, true],
  ['tells apart one of several', both, first!.certificate, false],
  ['reads what fills several records', many.join(''), many.join(''), true],
  ['cannot tell where none is asked for', undefined, first!.certificate, null],
]
for (const [promise, trusted, asked, answer] of cases) {
  test(promise, async () => assert.equal(await asksForAuthority(broker, await serve(trusted), asked), answer))
}

test('cannot tell where nobody listens', async () => {
  assert.equal(await asksForAuthority(broker, 1, first!.certificate), null)
})
