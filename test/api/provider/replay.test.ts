import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { serveHttp, type HttpServer } from '../../../src/http/server.ts'
import { environmentId, makeApp, type TestApp } from '../../harness/app.ts'
import type { Answer } from '../../harness/client.ts'
import { makeProviderClient, type ProviderClient } from '../../harness/provider-client.ts'
import { addServiceAccount } from '../../harness/signed-client.ts'
import { Refusal } from './contract.ts'
import { checkAnswer, type Known } from './known.ts'
import { filled, recorded, turnsOf, type Recorded, type Turn } from './recorded.ts'

/** The drop-in promise: what the public Terraform provider sends from apply to destroy is answered as it needs it. */
const here = { name: 'shop', version: '4.3.1', zone: 'sim-a', subnet: 'subnet-sim-a' }

type Asked = Pick<Recorded, 'method' | 'target' | 'body' | 'signer'>

type Stage = {
  app: TestApp
  known: Known
  ask(one: Asked): Promise<Answer>
}

async function makeStage(app: TestApp, { url }: HttpServer): Promise<Stage> {
  const { pair } = await addServiceAccount(app)
  const clientWith = (secretKey: string) =>
    makeProviderClient({ url, pair: { ...pair, secretKey }, environmentId, now: app.now })
  const clients: Record<'right' | 'wrong', ProviderClient> = {
    right: clientWith(pair.secretKey),
    wrong: clientWith('somebody-elses-secret'),
  }
  const known: Known = {}
  return {
    app,
    known,
    ask({ method, target, body, signer }: Asked) {
      return clients[signer ?? 'right']({
        method,
        target: `/api/v1${filled(target, { ...here, ...ids(known) })}`,
        ...(body && { body: JSON.stringify(bodyHere(body)) }),
      })
    },
  }
}

const bodyHere = (body: Asked['body']): Asked['body'] => body && JSON.parse(filled(JSON.stringify(body), here))

const ids = ({ instanceId, topicId }: Known): Record<string, string> => ({
  ...(instanceId && { instanceId }),
  ...(topicId && { topicId }),
})

async function play({ ask, known }: Stage, one: Recorded): Promise<void> {
  const answer = await ask(one)
  if (one.status < 300) {
    assert.ok(answer.status >= 200 && answer.status < 300, `${answer.status} ${answer.text}`)
    return checkAnswer(one, { body: bodyHere(one.body), answer }, known)
  }
  assert.equal(answer.status, one.status, answer.text)
  Refusal.parse(answer.body)
}

const underWay: Record<string, string> = { POST: 'Creating', PATCH: 'Changing', DELETE: 'Deleting' }

/** The provider fails at once for any state but the one that is under way and the one at the end; here each second is looked at. */
async function arrive({ app, ask }: Stage, { end, after }: { end: string; after: string }): Promise<void> {
  const longestSeconds = 900
  for (let second = 0; second < longestSeconds; second++) {
    const { status, body } = await ask({ method: 'GET', target: '/instances/{instanceId}' })
    const seen = status === 404 ? 'gone' : body.state
    if (seen === end) return
    assert.equal(seen, underWay[after], `after ${second} s: ${JSON.stringify(body)}`)
    app.pass(1)
    await app.work()
  }
  throw new Error(`not ${end} after ${longestSeconds} s`)
}

/** What the provider must not take for its own: it looks at the first entry of a list alone. */
async function addOthers({ app, known }: Stage): Promise<void> {
  const member = await app.signIn()
  const path = `/instances/${known.instanceId}`
  for (const name of ['a-svc-orders', 'svc-orders-2']) await member.post(`${path}/users`, { name })
  const { accessControlParam, resourcePatternParam } = known.acl!
  for (const name of ['all-orders', 'orders-2']) {
    const params = [{ accessControlParam, resourcePatternParam: { ...resourcePatternParam, name } }]
    assert.equal((await member.post(`${path}/acls`, { params })).status, 201)
  }
}

const titleOf = (turn: Turn): string => {
  const [{ number, method, target }] = turn
  return turn.length === 1 ? `${number} ${method} ${target}` : `${number} to ${turn.at(-1)!.number}, reads side by side`
}

describe('a whole run of Terraform', () => {
  let app: TestApp
  let server: HttpServer
  let stage: Stage
  let lastChange = ''
  before(async () => {
    app = await makeApp()
    server = await serveHttp(app.http, { host: '127.0.0.1', port: 0 })
    stage = await makeStage(app, server)
  })
  after(async () => {
    await server.close()
    await app[Symbol.asyncDispose]()
  })

  test('has all its requests', () => assert.equal(recorded.length, 136))

  for (const turn of turnsOf(recorded)) {
    test(titleOf(turn), async () => {
      const [{ awaits, method, target }] = turn
      if (awaits) await arrive(stage, { end: awaits, after: lastChange })
      await Promise.all(turn.map((one) => play(stage, one)))
      if (method !== 'GET') lastChange = method
      if (method === 'POST' && target.endsWith('/acls')) await addOthers(stage)
    })
  }
})

const recordedOf = (method: string, target: string): Recorded =>
  recorded.find((one) => one.method === method && one.target === target)!

test('what is deleted is gone, may be deleted again, and may come back', async (t) => {
  await using app = await makeApp()
  const server = await serveHttp(app.http, { host: '127.0.0.1', port: 0 })
  t.after(() => server.close())
  const stage = await makeStage(app, server)
  const { ask } = stage
  const instance = '/instances/{instanceId}'
  const makers = ['/users', '/topics', '/acls'].map((path) => recordedOf('POST', instance + path))
  await play(stage, recordedOf('POST', '/instances'))
  await app.settle()
  const deletes = [
    recordedOf('POST', `${instance}/acls/batch:delete`),
    recordedOf('DELETE', `${instance}/users/svc-orders`),
    recordedOf('DELETE', `${instance}/topics/{topicId}`),
  ]
  const reads = recorded.filter(({ method, target }) => method === 'GET' && /(users|acls)\?/.test(target))
  const topic = { method: 'GET', target: `${instance}/topics/{topicId}` }

  for (let life = 0; life < 2; life++) {
    delete stage.known.topicId
    for (const maker of makers) await play(stage, maker)
    for (let time = 0; time < 2; time++) {
      app.pass(1)
      for (const one of deletes) await play(stage, one)
    }
    assert.equal((await ask(topic)).status, 404)
    for (const read of reads.slice(0, 2)) assert.deepEqual((await ask(read)).body.list, [])
    app.pass(1)
  }

  await play(stage, recordedOf('DELETE', instance))
  await app.settle()
  app.pass(1)
  const below = [...makers, ...deletes, topic, ...reads.slice(0, 2), recordedOf('GET', `${instance}/endpoints`)]
  for (const one of [...below, recordedOf('GET', instance), recordedOf('DELETE', instance)]) {
    const { status, body } = await ask(one)
    assert.equal(status, 404, `${one.method} ${one.target}`)
    Refusal.parse(body)
  }
})
