import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import { createAuthority, issueCertificate } from '../../../src/security/authority.ts'
import { environmentId, makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { newInstance, runInstance } from '../../harness/instances.ts'
import { addServiceAccount } from '../../harness/signed-client.ts'

type Row = { action: string; actor: string; instanceId: string | null; createdAt: string }
const actions = (answer: { body: { list: Row[] } }) => answer.body.list.map(({ action }) => action)

async function ownCertificate(now: Date) {
  const authority = await createAuthority('Our company', now)
  const named = { commonName: 'kafka', dnsNames: ['kafka.test'], addresses: [] }
  const { certificate, privateKey } = await issueCertificate(authority, { ...named, now, days: 30 })
  const texts = { certificateChain: certificate, privateKey }
  return { texts, fingerprint: new X509Certificate(certificate).fingerprint256 }
}

/** An Instance that a member made and a service account renamed a minute later. */
async function story(app: TestApp) {
  const admin = await app.signIn()
  const id = await runInstance(app, admin)
  app.pass(60)
  const renamedAt = app.now().toISOString()
  const { client, account } = await addServiceAccount(app, { name: 'terraform', role: 'operator' })
  assert.equal((await client.patch(`/instances/${id}`, { name: 'payments' })).status, 200)
  return { admin, id, renamedAt, account }
}

describe('the audit', () => {
  test('says who, what, from where, before and after, newest first', async () => {
    await using app = await makeApp()
    const { admin, id, renamedAt } = await story(app)
    const [renamed, created, ...more] = (await admin.get('/audit-events')).body.list
    assert.deepEqual(
      { ...renamed, id: 0 },
      {
        id: 0,
        createdAt: renamedAt,
        actor: 'service-account/terraform',
        source: 'in-process',
        action: 'instance.rename',
        subject: null,
        instanceId: id,
        instanceName: 'payments',
        operationId: null,
        before: { name: 'orders', description: null },
        after: { name: 'payments' },
      },
    )
    assert.deepEqual([created.action, created.actor, created.before], ['instance.create', 'administrator', null])
    assert.equal(created.after.name, 'orders')
    assert.deepEqual(
      more.map(({ action }: Row) => action),
      ['session.begin'],
    )
  })

  test('says of a change of an Instance how it was, and hides what may be a secret', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const secret = { key: 'simulated.password', value: '${file:/mill-stone:key}' }
    const instanceConfigs = [{ key: 'log.retention.ms', value: '3600000' }, secret]
    const id = await runInstance(app, admin, { features: { instanceConfigs } })
    assert.equal((await admin.patch(`/instances/${id}`, { spec: { reservedAku: 10 } })).status, 200)
    const [row] = (await admin.get('/audit-events')).body.list
    const { networks } = newInstance().spec
    const before = { name: 'orders', state: 'Running', version: '4.2.1', reservedAku: 3, networks }
    assert.deepEqual(row.before, { ...before, instanceConfigs: [instanceConfigs[0], { ...secret, value: '(hidden)' }] })
    assert.equal(row.after.wish.reservedAku, 10)
    assert.ok(!(await admin.get('/audit-events')).text.includes(secret.value))
  })

  test('knows a certificate by its fingerprint before and after, and all else that a change may change', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const [first, second] = [await ownCertificate(app.now()), await ownCertificate(app.now())]
    const [description, tags] = ['For the shop', [{ name: 'team', value: 'shop' }]]
    const words = { authenticationMethods: ['sasl'], transitEncryptionModes: ['tls'] }
    const prometheus = { endPoint: 'https://metrics.test/write', authType: 'bearer' }
    const metricsExporter = { prometheus: { ...prometheus, token: 'mill-stone-8' } }
    const features = { security: { ...words, ...first.texts }, metricsExporter }
    const id = await runInstance(app, admin, { description, tags, features })
    const { status, text } = await admin.patch(`/instances/${id}`, { features: { security: second.texts } })
    assert.equal(status, 200, text)
    const [changed, created] = (await admin.get('/audit-events?action=instance')).body.list
    const own = ({ fingerprint }: typeof first) => ({ own: { fingerprints: { chain: fingerprint } } })
    assert.deepEqual(created.after.features.security, { ...words, ...own(first) })
    const { before, after } = changed
    assert.deepEqual([before.description, before.tags, before.metricsExporter], [description, tags, { prometheus }])
    assert.deepEqual([before.security, after.wish.security], [{ ...words, ...own(first) }, own(second)])
    const whole = JSON.stringify([changed, created])
    for (const never of ['BEGIN', 'mill-stone-8', 'sealed']) assert.ok(!whole.includes(never), never)
  })

  test('says of an Instance that is described in other words how it was described', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    const id = await runInstance(app, admin, { features: { walMode: 'EBSWAL' } })
    const spec = { deployType: 'IAAS' }
    assert.equal((await admin.patch(`/instances/${id}`, { spec, features: { walMode: 'EBSWAL' } })).status, 200)
    const [row] = (await admin.get('/audit-events?action=instance.restate')).body.list
    const features = { walMode: 'EBSWAL' }
    assert.deepEqual(
      [row.before, row.after],
      [
        { spec: { deployType: null }, features },
        { spec, features },
      ],
    )
  })

  test('is searched by actor, action, subject, Instance and time, alone or together', async (t) => {
    await using app = await makeApp()
    const { admin, id, renamedAt } = await story(app)
    app.pass(60)
    const invitedAt = app.now().toISOString()
    assert.equal((await admin.post('/members', { name: 'Joanna', role: 'viewer' })).status, 201)
    const cases: [query: string, found: string[]][] = [
      ['actor=TERRA', ['instance.rename']],
      ['actor=%25', []],
      ['action=instance', ['instance.rename', 'instance.create']],
      ['action=instance.create', ['instance.create']],
      ['action=inst', []],
      ['subject=anna', ['member.invite']],
      ['subject=JO&actor=terra', []],
      ['subject=%25', []],
      [`instanceId=${id}`, ['instance.rename', 'instance.create']],
      [`from=${renamedAt}&to=${invitedAt}`, ['instance.rename']],
      [`to=${renamedAt}`, ['instance.create', 'session.begin']],
      [`actor=admin&action=session&to=${renamedAt}`, ['session.begin']],
      ['size=1&page=3', ['instance.create']],
    ]
    for (const [query, found] of cases) {
      await t.test(query, async () => assert.deepEqual(actions(await admin.get(`/audit-events?${query}`)), found))
    }
    assert.equal((await admin.get('/audit-events?size=1&page=2')).body.total, 4)
    assert.match((await admin.get('/audit-events.csv?subject=anna')).text, /\r\n.*member\.invite,Joanna,.*\r\n$/)
    assert.equal((await admin.get('/audit-events?from=yesterday')).status, 400)
  })
})

describe('an export of the audit', () => {
  test('is one JSON object a line, the same as in the pages', async () => {
    await using app = await makeApp()
    const { admin } = await story(app)
    const { headers, text } = await admin.get('/audit-events.jsonl?action=instance')
    assert.equal(headers.get('content-disposition'), 'attachment; filename="millrace-audit.jsonl"')
    const lines = text.trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      (await admin.get('/audit-events?action=instance')).body.list,
    )
  })

  test('is a table with a head, in CSV', async () => {
    await using app = await makeApp()
    const { admin, id } = await story(app)
    const { headers, text } = await admin.get('/audit-events.csv?action=instance.rename')
    assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8')
    const [head, row, ...more] = text.split('\r\n')
    assert.match(head!, /^id,createdAt,actor,source,action,subject,instanceId,/)
    assert.ok(row!.includes(`,service-account/terraform,in-process,instance.rename,,${id},payments,,`))
    assert.ok(row!.endsWith('"{""name"":""orders"",""description"":null}","{""name"":""payments""}"'))
    assert.deepEqual(more, [''])
  })

  test('holds all of a long history, once each', async () => {
    await using app = await makeApp()
    const admin = await app.signIn()
    await addHistory(app, 2_500)
    assert.equal(await countLines(admin, '/audit-events.jsonl?action=test'), 2_500)
    assert.equal(await countLines(admin, '/audit-events.csv?action=test'), 2_501)
  })

  const countLines = async (client: Client, path: string) => (await client.get(path)).text.trimEnd().split('\n').length

  async function addHistory({ database, now }: TestApp, count: number) {
    const row = { environment_id: environmentId, action: 'test.do', actor: 'anna', created_at: now() }
    const rows = Array.from({ length: count }, () => ({ ...row, source: null, instance_id: null, operation_id: null }))
    await database.db.insertInto('audit_events').values(rows).execute()
  }
})
