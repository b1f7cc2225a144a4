import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import type { InstanceId } from '../../../src/domain/id.ts'
import { createAuthority, issueCertificate } from '../../../src/security/authority.ts'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { runInstance } from '../../harness/instances.ts'

/** Certificates and listeners of an Instance that runs, changed by PATCH as the public client sends it. */
const now = new Date('2026-01-01T00:00:00Z')
const company = await createAuthority('Our company', now)
const own = async (commonName: string) => {
  const leaf = await issueCertificate(company, { commonName, dnsNames: [commonName], addresses: [], now, days: 90 })
  return {
    certificateAuthority: company.certificate,
    certificateChain: leaf.certificate + company.certificate,
    privateKey: leaf.privateKey,
  }
}
const [first, second] = [await own('first.example.com'), await own('second.example.com')]
const none = { certificateAuthority: '', certificateChain: '', privateKey: '' }
const secured = { authenticationMethods: ['sasl'], transitEncryptionModes: ['tls'] }

const shownBy = ({ simulated }: TestApp, id: string) =>
  simulated.population
    .of(id as InstanceId)
    .map(({ shown }) => shown.certificateChain && new X509Certificate(shown.certificateChain).subject)

const change = (client: Client, id: string, security: object) =>
  client.patch(`/instances/${id}`, { features: { security } })

const lastOperation = async (client: Client, id: string) =>
  (await client.get(`/operations?instanceId=${id}`)).body.list[0]

describe('certificates of the user’s', () => {
  test('are exchanged on every node without a restart, and nothing of them is told', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...secured, ...first } } })
    const started = app.simulated.population.of(id as InstanceId).map(({ startedAt }) => startedAt)
    const { status, body, text } = await change(client, id, second)
    assert.equal(status, 200, text)
    assert.equal(body.state, 'Changing')
    await app.settle()
    assert.deepEqual(new Set(shownBy(app, id)), new Set(['CN=second.example.com']))
    assert.deepEqual(
      app.simulated.population.of(id as InstanceId).map(({ startedAt }) => startedAt),
      started,
    )
    const { db } = app.database
    const rows = JSON.stringify([
      await db.selectFrom('operations').selectAll().execute(),
      await db.selectFrom('steps').selectAll().execute(),
      await db.selectFrom('events').selectAll().execute(),
      await db.selectFrom('audit_events').selectAll().execute(),
    ])
    const secretLine = second.privateKey.split('\n')[1]!
    for (const words of ['sealedKey":"', 'BEGIN', secretLine]) assert.ok(!rows.includes(words), words)
    const operation = await lastOperation(client, id)
    assert.equal(operation.kind, 'secure-instance')
    assert.equal(operation.status, 'Succeeded')
  })

  test('are Millrace’s own again when the user takes theirs away', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...secured, ...first } } })
    assert.equal((await change(client, id, none)).status, 200)
    await app.settle()
    assert.deepEqual(new Set(shownBy(app, id)), new Set([undefined]))
    const { list } = (await client.get(`/instances/${id}/endpoints`)).body
    assert.equal(list[0].certificateEndsAt, null)
  })

  test('are told apart in the plan: a first authority has no former one, and host names are checked or not', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: secured } })
    const asked = { ...first, tlsHostnameValidationEnabled: false }
    const path = `/instances/${id}?dryRun=true`
    const { changes, warnings, restarts } = (await client.patch(path, { features: { security: asked } })).body
    const [certificate, authority, hosts] = changes
    assert.deepEqual([certificate.from, authority.from], ['Millrace’s own', 'none'])
    assert.match(authority.to, /^CN=Our company/)
    assert.deepEqual(hosts, { what: 'host names in client configurations', from: 'checked', to: 'not checked' })
    assert.ok(!warnings.some((words: string) => words.includes('former authority')))
    assert.deepEqual(restarts, [])
  })

  test('that name no node that joins are warned of, and host names are checked no more once it is there', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: secured } })
    const addresses = app.simulated.population.of(id as InstanceId).map(({ spec }) => spec.address)
    const leaf = await issueCertificate(company, { commonName: 'all', dnsNames: ['all'], addresses, now, days: 90 })
    const { privateKey } = leaf
    await change(client, id, { certificateChain: leaf.certificate + company.certificate, privateKey })
    await app.settle()
    const isUnchecked = async () => {
      const { list } = (await client.get(`/instances/${id}/endpoints`)).body
      return /^ssl\.endpoint\.identification\.algorithm=$/m.test(list[0].configurations.java)
    }
    assert.equal(await isUnchecked(), false)
    const larger = { spec: { reservedAku: 10 } }
    const { warnings } = (await client.patch(`/instances/${id}?dryRun=true`, larger)).body
    assert.match(warnings.join(), /does not name the address of node 4/)
    await client.patch(`/instances/${id}`, larger)
    await app.settle()
    assert.equal(await isUnchecked(), true)
  })

  test('are taken as the public client sends them: all three, empty where there is none', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const mutual = { authenticationMethods: ['mtls'], transitEncryptionModes: ['tls'] }
    const authority = company.certificate
    const asked = { ...mutual, certificateAuthority: authority }
    const id = await runInstance(app, client, { features: { security: asked } })
    const { certificate } = await createAuthority('Another company', now)
    const asSent = { ...none, certificateAuthority: certificate }
    const plan = await client.patch(`/instances/${id}?dryRun=true`, { features: { security: asSent } })
    assert.match(plan.body.warnings.join(), /certificates of the former authority are refused/)
    const { status, body, text } = await change(client, id, asSent)
    assert.equal(status, 200, text)
    await app.settle()
    const { list } = (await client.get(`/instances/${id}/certificates`)).body
    const ofClients = list.filter(({ kind }: { kind: string }) => kind === 'client-authority')
    assert.deepEqual(
      ofClients.map(({ subject }: { subject: string }) => subject),
      ['CN=Another company'],
      body.instanceId,
    )
  })

  test('said again as they are change nothing', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...secured, ...first } } })
    const { body } = await change(client, id, { ...secured, ...first })
    assert.equal(body.state, 'Running')
    assert.equal(body.currentOperation, null)
  })

  test('come back when the change is cancelled', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...secured, ...first } } })
    const { body } = await change(client, id, second)
    await app.work()
    assert.equal((await client.post(`/operations/${body.currentOperation.operationId}:cancel`)).status, 200)
    await app.settle()
    assert.deepEqual(new Set(shownBy(app, id)), new Set(['CN=first.example.com']))
    assert.equal((await client.get(`/instances/${id}`)).body.state, 'Running')
  })

  test('that a node does not take while it runs come with a restart', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...secured, ...first } } })
    app.simulated.troubleNode(id as InstanceId, 1, 'keeps-certificate')
    await change(client, id, second)
    await app.settle()
    assert.deepEqual(new Set(shownBy(app, id)), new Set(['CN=second.example.com']))
    const { operationId } = await lastOperation(client, id)
    const { passages } = (await client.get(`/operations/${operationId}`)).body.change
    assert.deepEqual(
      passages.map(({ reasons }: { reasons: string[] }) => reasons),
      [['to show its new certificate']],
    )
  })

  test('of the authority of clients alone come with a restart too, where a node does not take them', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const mutual = { authenticationMethods: ['mtls'], transitEncryptionModes: ['tls'] }
    const asked = { ...mutual, certificateAuthority: company.certificate }
    const id = await runInstance(app, client, { features: { security: asked } })
    app.simulated.troubleNode(id as InstanceId, 2, 'keeps-certificate')
    const { certificate } = await createAuthority('Another company', now)
    await change(client, id, { certificateAuthority: certificate })
    await app.settle()
    const { operationId } = await lastOperation(client, id)
    const { passages } = (await client.get(`/operations/${operationId}`)).body.change
    assert.deepEqual(
      passages.map(({ kafkaId, reasons }: { kafkaId: number; reasons: string[] }) => [kafkaId, ...reasons]),
      [[2, 'to show its new certificate']],
    )
  })

  test('that Kafka refuses go back to the former ones in its words, and no node restarts', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...secured, ...first } } })
    const nodes = () => app.simulated.population.of(id as InstanceId)
    const started = nodes().map(({ startedAt }) => startedAt)
    app.simulated.troubleNode(id as InstanceId, 2, 'refuses-certificate')
    await change(client, id, second)
    await app.settle()
    const chains = nodes().flatMap(({ shown, written }) => [shown.certificateChain!, written.certificateChain!])
    assert.deepEqual(
      new Set(chains.map((chain) => new X509Certificate(chain).subject)),
      new Set(['CN=first.example.com']),
    )
    assert.deepEqual(
      nodes().map(({ startedAt }) => startedAt),
      started,
    )
    const { operationId } = await lastOperation(client, id)
    const { title, status, change: progress } = (await client.get(`/operations/${operationId}`)).body
    assert.equal(status, 'Cancelled')
    assert.match(progress.turnedBackBecause, /^Kafka does not take these settings/)
    const { state, stateReason } = (await client.get(`/instances/${id}`)).body
    assert.deepEqual([state, stateReason], ['Running', `${title} was taken back: ${progress.turnedBackBecause}`])
    app.simulated.troubleNode(id as InstanceId, 2, null)
    await change(client, id, second)
    await app.settle()
    assert.equal((await client.get(`/instances/${id}`)).body.stateReason, null)
  })

  for (const [what, security, path] of [
    ['a key of another certificate', { ...second, privateKey: first.privateKey }, 'privateKey'],
    ['a chain without its key', { certificateChain: second.certificateChain, privateKey: '' }, 'privateKey'],
  ] as const) {
    test(`refuses ${what}`, async () => {
      await using app = await makeApp()
      const client = await app.signIn()
      const id = await runInstance(app, client, { features: { security: { ...secured, ...first } } })
      const { status, body, text } = await change(client, id, security)
      assert.equal(status, 400, text)
      assert.equal(body.error.detail, `features.security.${path}`)
      assert.ok(!text.includes('PRIVATE KEY'))
    })
  }
})

describe('the certificates of an Instance', () => {
  test('are told with their end, and with words when it is near', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: { ...secured, ...first } } })
    await client.get(`/instances/${id}/certificate-authority`)
    const { list } = (await client.get(`/instances/${id}/certificates`)).body
    const [leaf] = list.filter(({ kind }: { kind: string }) => kind === 'chain')
    assert.equal(leaf.subject, 'CN=first.example.com')
    assert.deepEqual(leaf.names, ['first.example.com'])
    assert.deepEqual(leaf.listeners, ['SASL_SSL'])
    assert.equal(leaf.daysLeft, 89)
    assert.equal(leaf.fingerprint, new X509Certificate(first.certificateChain).fingerprint256)
    assert.equal(leaf.warning, null)
    app.pass(85 * 86_400)
    const later = (await (await app.signIn()).get(`/instances/${id}/certificates`)).body.list
    assert.match(later.find(({ kind }: { kind: string }) => kind === 'chain').warning, /in less than 7 days/)
  })

  test('are nothing that clients need where they come in plain text', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const { status, body } = await client.get(`/instances/${id}/certificate-authority`)
    assert.deepEqual([status, body.error.code], [404, 'Instance.NoAuthority'])
  })
})

describe('listeners of an Instance that runs', () => {
  const ports = async (client: Client, id: string) => {
    const { list } = (await client.get(`/instances/${id}/endpoints`)).body
    return Object.fromEntries(list.map((one: Record<string, string>) => [one['name'], one['bootstrapServers']]))
  }

  test('are added and dropped by a roll, and those that stay keep their address', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: secured } })
    const before = await ports(client, id)
    const both = { authenticationMethods: ['sasl', 'anonymous'], transitEncryptionModes: ['tls'] }
    const plan = (await client.patch(`/instances/${id}?dryRun=true`, { features: { security: both } })).body
    assert.equal(plan.restarts.length, app.simulated.population.of(id as InstanceId).length)
    assert.deepEqual(plan.changes, [{ what: 'listener', from: 'none', to: 'SSL' }])
    assert.equal((await change(client, id, both)).status, 200)
    await app.settle()
    const during = await ports(client, id)
    assert.equal(during['SASL_SSL'], before['SASL_SSL'])
    const open = { authenticationMethods: ['anonymous'], transitEncryptionModes: ['tls'] }
    assert.equal((await change(client, id, open)).status, 200)
    await app.settle()
    assert.deepEqual(await ports(client, id), { SSL: during['SSL'] })
    assert.deepEqual((await client.get(`/instances/${id}`)).body.features.security, open)
  })

  test('may become plain, and a node that joins then speaks to the others as they do', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: secured } })
    const both = { authenticationMethods: ['sasl', 'anonymous'], transitEncryptionModes: ['tls', 'plaintext'] }
    const plain = { authenticationMethods: ['anonymous'], transitEncryptionModes: ['plaintext'] }
    for (const security of [both, plain]) {
      const { status, text } = await change(client, id, security)
      assert.equal(status, 200, text)
      await app.settle()
    }
    const { text } = await client.patch(`/instances/${id}`, { spec: { reservedAku: 10 } })
    await app.settle()
    const nodes = app.simulated.population.of(id as InstanceId)
    assert.ok(nodes.length > 3, text)
    assert.ok(nodes.every(({ spec }) => spec.security?.internalPort))
    assert.equal((await client.get(`/instances/${id}`)).body.state, 'Running')
  })

  test('are added to an Instance that was open to all', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    const before = await ports(client, id)
    const both = { authenticationMethods: ['anonymous', 'sasl'], transitEncryptionModes: ['plaintext', 'tls'] }
    assert.equal((await change(client, id, both)).status, 200)
    await app.settle()
    const { PLAINTEXT, ...others } = await ports(client, id)
    assert.deepEqual({ PLAINTEXT }, before)
    assert.deepEqual(Object.keys(others), ['SSL', 'SASL_PLAINTEXT', 'SASL_SSL'])
    const { list } = (await client.get(`/instances/${id}/endpoints`)).body
    const warnings = list.map(({ warning }: { warning: string | null }) =>
      /may still do everything/.test(warning ?? ''),
    )
    assert.deepEqual(warnings, [true, true, false, false])
  })

  test('are not added where the nodes themselves talk in plain text, as those of earlier releases do', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client)
    await app.database.db.updateTable('nodes').set({ internal_port: null }).execute()
    const { status, body } = await change(client, id, { authenticationMethods: ['anonymous', 'sasl'] })
    assert.equal(status, 400)
    assert.match(body.error.message, /talk to each other in plain text/)
  })

  test('are never all dropped at once', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security: secured } })
    const other = { authenticationMethods: ['anonymous'], transitEncryptionModes: ['tls'] }
    const { status, body } = await change(client, id, other)
    assert.equal(status, 400)
    assert.match(body.error.message, /Add the new one beside them first/)
  })
})
