import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readCertificates } from '../../../src/security/own-chain.ts'
import { makeApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { runInstance } from '../../harness/instances.ts'

const security = { authenticationMethods: ['anonymous'], transitEncryptionModes: ['plaintext', 'tls'] }

const caOf = async (client: Client, id: string) => {
  const { text } = await client.get(`/instances/${id}/certificate-authority`)
  return readCertificates(text)!.map(({ subject }) => subject)
}
const warningsOf = async (client: Client, id: string): Promise<(string | null)[]> => {
  const { list } = (await client.get(`/instances/${id}/endpoints`)).body
  return list.map(({ warning }: { warning: string | null }) => warning)
}

describe('an authority is exchanged', () => {
  test('in two goes: what clients need is there, and said, before it is shown', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security } })
    const [first, second] = [`CN=Millrace ${id}`, `CN=Millrace ${id} 2`]
    const path = `/instances/${id}:exchangeAuthority`
    assert.deepEqual(await caOf(client, id), [first])
    assert.deepEqual(await warningsOf(client, id), [null, null])

    const published = await client.post(path, { until: 'published' })
    assert.equal(published.body.state, 'Changing')
    // Before any node has it.
    assert.deepEqual(await caOf(client, id), [first])
    await app.settle()
    assert.deepEqual(await caOf(client, id), [first, second])
    const [plain, encrypted] = await warningsOf(client, id)
    assert.equal(plain, null)
    assert.match(encrypted!, /need the new file until .* on \d{4}-\d\d-\d\d,/)
    const { list } = (await client.get(`/instances/${id}/certificates`)).body
    const told = list.map(({ kind, subject }: { kind: string; subject: string }) => `${kind} ${subject}`)
    assert.deepEqual(told, [`authority ${first}`, `next-authority ${second}`])

    await client.post(path, { until: 'exchanged' })
    await app.settle()
    const operation = (await client.get(`/operations?instanceId=${id}`)).body.list[0]
    assert.deepEqual([operation.kind, operation.status], ['exchange-authority', 'Succeeded'])
    assert.deepEqual(await caOf(client, id), [second])
    assert.deepEqual(await warningsOf(client, id), [null, null])
  })

  test('with a plan first, which says how often nodes restart and which clients need a new file', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security } })
    const plan = async (until: string) =>
      (await client.post(`/instances/${id}:exchangeAuthority?dryRun=true`, { until })).body
    const whole = await plan('exchanged')
    assert.equal(whole.kind, 'exchange-authority')
    assert.deepEqual(whole.changes, [{ what: 'certificate authority', from: 'number 1', to: 'number 2' }])
    assert.equal(whole.restarts.length, 3)
    assert.match(whole.warnings.join(), /restarts 3 times.*Publish it first/)
    const part = await plan('published')
    assert.match(part.warnings.join(), /^ca\.pem holds both authorities/)
    assert.ok(part.expectedSeconds < whole.expectedSeconds)
    assert.deepEqual(await caOf(client, id), [`CN=Millrace ${id}`], 'a plan changes nothing')
  })

  test('and goes on where it was left, by a later one', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const id = await runInstance(app, client, { features: { security } })
    const path = `/instances/${id}:exchangeAuthority`
    const { body } = await client.post(path, { until: 'exchanged', operation: { pauseAfter: 'first' } })
    const operation = `/operations/${body.currentOperation.operationId}`
    await app.settle()
    assert.equal((await client.get(operation)).body.status, 'Paused')
    await client.post(`${operation}:cancel`, {})
    await app.settle()
    assert.equal((await client.get(operation)).body.status, 'Cancelled')
    assert.deepEqual(await caOf(client, id), [`CN=Millrace ${id}`, `CN=Millrace ${id} 2`])
    await client.post(path, { until: 'exchanged' })
    await app.settle()
    assert.deepEqual(await caOf(client, id), [`CN=Millrace ${id} 2`])
  })
})

test('an exchange of the authority is refused while another change runs, and for how far nobody knows', async () => {
  await using app = await makeApp()
  const client = await app.signIn()
  const id = await runInstance(app, client)
  const path = `/instances/${id}:exchangeAuthority`
  assert.equal((await client.post(path, { until: 'soon' })).status, 400)
  await client.post(`/instances/${id}:restart`, {})
  assert.equal((await client.post(path, { until: 'published' })).status, 409)
})
