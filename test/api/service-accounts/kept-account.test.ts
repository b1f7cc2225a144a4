import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { InstanceId } from '../../../src/domain/id.ts'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { runInstance } from '../../harness/instances.ts'
import { addServiceAccount, signedHeaders, type KeyPair } from '../../harness/signed-client.ts'
import { openStream } from '../../harness/stream.ts'

/** What an account that is kept to one Instance learns of another by the way; `test/guards/api-scope.test.ts` has the routes. */
describe('an account that is kept to one Instance', () => {
  let app: TestApp
  let member: Client
  let program: Client
  let pair: KeyPair
  let own: string
  let foreign: string

  before(async () => {
    app = await makeApp()
    member = await app.signIn()
    own = await runInstance(app, member)
    foreign = await runInstance(app, member, { name: 'ledger' })
    ;({ client: program, pair } = await addServiceAccount(app, { role: 'operator', instanceIds: [own as InstanceId] }))
  })
  after(() => app[Symbol.asyncDispose]())

  test('is told how long things take by what its own Instance did, and not by others', async () => {
    const gone = await runInstance(app, member, { name: 'gone' })
    await member.post(`/instances/${gone}:restart`, {})
    await app.settle()
    await member.delete(`/instances/${gone}`)
    await app.settle()
    const restart = (client: Client) => client.post(`/instances/${own}:restart?dryRun=true`, {})
    const change = (client: Client) => client.patch(`/instances/${own}?dryRun=true`, { version: '4.3.1' })
    for (const plan of [restart, change]) {
      assert.equal((await plan(member)).body.expectedFrom, 'history')
      assert.equal((await plan(program)).body.expectedFrom, 'estimate')
    }
    const remove = async (client: Client) => (await client.delete(`/instances/${own}?dryRun=true`)).body.expectedSeconds
    assert.equal(typeof (await remove(member)), 'number')
    assert.equal(await remove(program), null)
  })

  test('reaches nothing inside another through its own', async () => {
    const { topicId } = (await member.post(`/instances/${foreign}/topics`, { name: 'secrets' })).body
    assert.equal((await program.get(`/instances/${own}/topics/${topicId}`)).body.error.code, 'Topic.NotFound')
    assert.equal((await program.delete(`/instances/${own}/topics/${topicId}`)).status, 204)
    assert.equal((await member.get(`/instances/${foreign}/topics/${topicId}`)).status, 200)
  })

  test('hears that a name is taken, and not by which Instance', async () => {
    const { status, body, text } = await program.patch(`/instances/${own}`, { name: 'ledger' })
    assert.deepEqual([status, body.error.code], [409, 'Instance.NameTaken'])
    assert.ok(!text.includes(foreign))
  })

  test('hears of its own alone in the event stream, as it happens and when it comes back', async () => {
    const last = (await member.get('/events?limit=1000')).body.list.at(-1).id
    const path = '/api/v1/events/stream'
    const headers = await signedHeaders(app, pair, { method: 'GET', path })
    const live = await openStream(app.http, app.anonymous, { headers })
    await live.next()
    for (const [id, name] of [
      [foreign, 'ledger-2'],
      [own, 'orders-2'],
    ])
      assert.equal((await member.patch(`/instances/${id}`, { name })).status, 200)
    const back = await openStream(app.http, app.anonymous, { headers: { ...headers, 'last-event-id': `${last}` } })
    await back.next()
    for (const stream of [live, back]) {
      assert.equal(JSON.parse((await stream.next())['data']!).instanceId, own)
      await stream.close()
    }
  })
})
