import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import type { InstanceId } from '../../../src/domain/id.ts'
import { createAuthority, issueCertificate } from '../../../src/security/authority.ts'
import { makeApp } from '../../harness/app.ts'
import { runInstance, withFeatures } from '../../harness/instances.ts'

const now = new Date('2026-01-01T00:00:00Z')
const authority = await createAuthority('Our company', now)
const request = { commonName: 'kafka', dnsNames: ['kafka.example.com'], addresses: [], now, days: 30 }
const leaf = await issueCertificate(authority, request)
const own = {
  certificateAuthority: authority.certificate,
  certificateChain: leaf.certificate + authority.certificate,
  privateKey: leaf.privateKey,
}
const asked = {
  authenticationMethods: ['sasl', 'mtls'],
  transitEncryptionModes: ['tls', 'plaintext'],
  dataEncryptionMode: 'NONE',
  tlsHostnameValidationEnabled: true,
}
/** A line of the key that stands nowhere else. */
const secretLine = leaf.privateKey.split('\n')[1]!

describe('an Instance with security', () => {
  test('echoes what was sent but for certificates, and keeps no key in the clear', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...asked, ...own } } })
    const { body, text } = await client.get(`/instances/${id}`)
    assert.deepEqual(body.features.security, asked)
    const endpoints = await client.get(`/instances/${id}/endpoints`)
    const audit = await client.get('/audit-events')
    const { db } = app.database
    const rows = JSON.stringify([
      await db.selectFrom('instances').selectAll().execute(),
      await db.selectFrom('operations').selectAll().execute(),
      await db.selectFrom('events').selectAll().execute(),
      await db.selectFrom('audit_events').selectAll().execute(),
      await db.selectFrom('instance_authorities').selectAll().execute(),
    ])
    assert.ok(rows.includes('sealedKey'), 'the key is kept')
    for (const told of [text, endpoints.text, audit.text, rows]) assert.ok(!told.includes(secretLine))
    for (const told of [text, endpoints.text, audit.text]) assert.ok(!told.includes('sealedKey'))
  })

  test('has one endpoint for each way in, with ports that stand beside the slot', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...asked, ...own } } })
    const { list } = (await client.get(`/instances/${id}/endpoints`)).body
    const seen = list.map(({ name, protocol, mechanisms }: Record<string, string>) => [name, protocol, mechanisms])
    const scram = 'SCRAM-SHA-512,SCRAM-SHA-256,PLAIN'
    assert.deepEqual(seen, [
      ['SASL_PLAINTEXT', 'SASL_PLAINTEXT', scram],
      ['SASL_SSL', 'SASL_SSL', scram],
      ['MTLS', 'SSL', ''],
    ])
    const ports = list.map(({ bootstrapServers }: Record<string, string>) => bootstrapServers!.split(':').at(-1))
    assert.equal(new Set(ports).size, 3)
    assert.equal(list[1].certificateEndsAt, '2026-01-31T00:00:00.000Z')
    assert.match(list[1].configurations.java, /^ssl\.endpoint\.identification\.algorithm=$/m, 'it names no node')
  })

  test('promises PLAIN only while every node takes it', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...asked, ...own } } })
    const users = `/instances/${id}/users`
    await client.post(users, { name: 'app-user', password: 'right-horse-battery' })
    const told = async () => {
      const [ofUser] = (await client.get(users)).body.list
      const [endpoint] = (await client.get(`/instances/${id}/endpoints`)).body.list
      return `${endpoint.mechanisms} ${ofUser.supportedSaslMechanisms} ${endpoint.configurations.java}`
    }
    assert.match(await told(), /PLAIN .*PLAIN .*PLAIN works/s)
    app.simulated.troubleNode(id as InstanceId, 2, 'no-plain')
    assert.doesNotMatch(await told(), /256,PLAIN|PLAIN works/)
  })

  test('is looked at on the listener of its own nodes, whatever clients must show', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...asked, ...own } } })
    const loss = await client.get(`/instances/${id}/what-if?node=1`)
    assert.equal(loss.status, 200, loss.text)
    assert.equal((await client.get(`/instances/${id}/settings`)).body.problem, null)
    assert.equal((await client.get(`/instances/${id}/drift`)).status, 200)
  })

  test('hands out what its listeners are known by: its own authority, or the root of the user’s chain', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const ofUser = await runInstance(app, client, { name: 'theirs', features: { security: { ...asked, ...own } } })
    const plain = await runInstance(app, client, { name: 'plain' })
    const other = await createAuthority('Of clients alone', now)
    const ofServer = { ...own, certificateAuthority: other.certificate }
    const two = await runInstance(app, client, { name: 'two', features: { security: { ...asked, ...ofServer } } })
    const unknown = { ...ofServer, certificateChain: leaf.certificate }
    const none = await runInstance(app, client, { name: 'none', features: { security: { ...asked, ...unknown } } })
    const tls = { authenticationMethods: ['anonymous'], transitEncryptionModes: ['tls'] }
    const ofOurs = await runInstance(app, client, { name: 'ours', features: { security: tls } })
    const read = async (id: string) => client.get(`/instances/${id}/certificate-authority`)
    assert.equal((await read(ofUser)).text.trim(), authority.certificate.trim())
    assert.equal((await read(two)).text.trim(), authority.certificate.trim())
    assert.equal((await read(none)).body.error.code, 'Instance.NoAuthority')
    const { list } = (await client.get(`/instances/${none}/endpoints`)).body
    assert.match(list[1].configurations.java, /trust store of the system/)
    const first = (await read(ofOurs)).text
    assert.ok(new X509Certificate(first).ca)
    assert.equal((await read(ofOurs)).text, first, 'it stays the same')
    assert.equal((await read(plain)).status, 404)
  })
})

describe('security that cannot be', () => {
  const cases: [promise: string, security: Record<string, unknown>, path: string][] = [
    [
      'mtls without TLS',
      { authenticationMethods: ['mtls'], transitEncryptionModes: ['plaintext'] },
      'transitEncryptionModes',
    ],
    [
      'mtls without an authority',
      { authenticationMethods: ['mtls'], transitEncryptionModes: ['tls'] },
      'certificateAuthority',
    ],
    [
      'an authority that nothing would use',
      {
        authenticationMethods: ['sasl'],
        transitEncryptionModes: ['tls'],
        certificateAuthority: authority.certificate,
        certificateChain: '',
        privateKey: '',
      },
      'certificateAuthority',
    ],
    ['no method', { authenticationMethods: [] }, 'authenticationMethods'],
    ['a method twice', { authenticationMethods: ['sasl', 'sasl'] }, 'authenticationMethods'],
    ['a chain without TLS', own, 'certificateChain'],
    ['a key of another certificate', { ...own, privateKey: authority.privateKey }, 'privateKey'],
  ]
  for (const [promise, security, path] of cases) {
    test(`refuses ${promise}`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const { status, body, text } = await client.post('/instances', withFeatures({ security }))
      assert.equal(status, 400, text)
      assert.equal(body.error.detail, `features.security.${path}`)
      assert.ok(!text.includes('PRIVATE KEY'))
      assert.equal((await client.get('/instances')).body.total, 0)
    })
  }
})
