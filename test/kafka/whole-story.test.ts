import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { consume, produce } from './kcat.ts'
import { changeLimitMs, eventually } from './real-home.ts'
import { makeServedHome, type ServedHome, type Server } from './served-home.ts'

/**
 * The main job with nothing left out: a real server, a real database, real Kafka, and a client that is not ours; the
 * server is killed in the middle, and what must be gone is looked for.
 */
describe('an Instance of real Kafka', () => {
  let home: ServedHome
  let server: Server
  let instanceId = ''
  let servers = ''

  before(async () => {
    home = await makeServedHome()
    server = await home.start()
  })
  after(() => home.cleanUp())

  const networks = ['local-a', 'local-b', 'local-c'].map((zone) => ({ zone }))
  const create = async (name: string): Promise<string> => {
    const spec = { reservedAku: 6, networks }
    const { status, body } = await server.call('POST', '/instances', { name, version: '4.3.1', spec })
    assert.equal(status, 201, JSON.stringify(body))
    return body.instanceId
  }
  const restart = async (signal: NodeJS.Signals) => {
    await server.end(signal)
    server = await home.start()
  }
  const becomes = (id: string, wanted: string) =>
    eventually(changeLimitMs, async () => {
      const { status, body } = await server.call('GET', `/instances/${id}`)
      const seen = status === 404 ? 'gone' : body.state
      return seen === wanted || `${seen}: ${JSON.stringify(body.currentOperation ?? body.error)}`
    })
  const reaches = (id: string, step: string) =>
    eventually(changeLimitMs, async () => {
      const { body } = await server.call('GET', `/instances/${id}`)
      return body.currentOperation?.step === step || JSON.stringify(body.currentOperation)
    })
  const addresses = async (id: string): Promise<{ address: string; port: number }[]> =>
    (await server.call('GET', `/instances/${id}/nodes`)).body.list
  const nothingIsLeftOf = async (id: string, places: { address: string; port: number }[]) => {
    const mine = (await home.nodeProcesses()).filter(({ mark }) => mark.includes(id))
    assert.deepEqual(mine, [])
    assert.ok(!(await home.instanceFolders()).includes(id))
    for (const { address, port } of places) assert.equal(await listens(address, port), false, `${address}:${port}`)
  }

  test('is created, and survives a kill -9 of the server in the middle with one process a node', async () => {
    instanceId = await create('story')
    await reaches(instanceId, 'await-nodes')
    await restart('SIGKILL')
    await becomes(instanceId, 'Running')
    const marks = (await home.nodeProcesses()).map(({ mark }) => mark)
    assert.equal(marks.length, 3)
    assert.equal(new Set(marks).size, 3)
  })

  test('takes records from kcat at its endpoint and gives them back', async () => {
    const { body } = await server.call('GET', `/instances/${instanceId}/endpoints`)
    servers = body.list[0].bootstrapServers
    const lines = Array.from({ length: 500 }, (_, at) => `record ${at}`)
    await produce(servers, 'orders', lines)
    assert.deepEqual((await consume(servers, 'orders')).toSorted(), lines.toSorted())
  })

  test('serves its clients while Millrace is away for a minute, and is found again with the same processes', async () => {
    const before = (await home.nodeProcesses()).map(({ pid }) => pid)
    await server.end('SIGTERM')
    const sent: string[] = []
    const oneASecond = async function* () {
      for (let second = 0; second < 60; second++) {
        sent.push(`away ${second}`)
        yield sent.at(-1)!
        await delay(1_000)
      }
    }
    await produce(servers, 'away', oneASecond())
    assert.deepEqual(await consume(servers, 'away'), sent)
    server = await home.start()
    assert.deepEqual(
      (await home.nodeProcesses()).map(({ pid }) => pid),
      before,
    )
    await becomes(instanceId, 'Running')
  })

  test('comes back with its records after its nodes were stopped', async () => {
    await server.end('SIGTERM')
    assert.match(await home.stopNodes(), /Stopped node 3/)
    assert.deepEqual(await home.nodeProcesses(), [])
    server = await home.start()
    await eventually(changeLimitMs, async () => {
      const { body } = await server.call('GET', `/operations?instanceId=${instanceId}&kind=heal-instance`)
      return body.list[0]?.status === 'Succeeded' || JSON.stringify(body.list[0])
    })
    assert.equal((await consume(servers, 'orders')).length, 500)
  })

  test('is deleted, and a kill -9 of the server in the middle leaves nothing over', async () => {
    const places = await addresses(instanceId)
    assert.equal((await server.call('DELETE', `/instances/${instanceId}`)).status, 202)
    await restart('SIGKILL')
    await becomes(instanceId, 'gone')
    await nothingIsLeftOf(instanceId, places)
  })

  test('is taken away, clean, when its create is cancelled', async () => {
    const id = await create('cancelled')
    await reaches(id, 'await-nodes')
    const places = await addresses(id)
    const { body } = await server.call('GET', `/instances/${id}`)
    const answer = await server.call('POST', `/operations/${body.currentOperation.operationId}:cancel`)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    await becomes(id, 'gone')
    await nothingIsLeftOf(id, places)
    const { body: environment } = await server.call('GET', '/environment')
    const foreign = environment.zones.flatMap((zone: { subnets: { used: number }[] }) => zone.subnets)
    assert.equal(environment.limits.memoryUsedMiB, 0, JSON.stringify(foreign))
  })
})

async function listens(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port })
  socket.on('connect', () => resolve(true))
  socket.on('error', () => resolve(false))
  return await promise.finally(() => socket.destroy())
}
