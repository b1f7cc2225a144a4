import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { faultsOf, startLedger, type Ledger } from '../harness/ledger/ledger.ts'
import { changeLimitMs, eventually } from './real-home.ts'
import { makeServedHome, type ServedHome, type Server } from './served-home.ts'

/**
 * What Millrace is for, with nothing left out: one Instance is upgraded, restarted, grown and shrunk, the server and a node are
 * killed in the middle, and Kafka's own clients, which were at work all the time, have lost nothing.
 */
describe('an Instance of real Kafka that is changed under load', () => {
  let home: ServedHome
  let server: Server
  let instanceId = ''
  let ledger: Ledger

  before(async () => {
    home = await makeServedHome()
    server = await home.start()
    const networks = ['local-a', 'local-b', 'local-c'].map((zone) => ({ zone }))
    const request = { name: 'changed', version: '4.2.1', spec: { reservedAku: 6, networks } }
    instanceId = (await send('POST', '/instances', request)).instanceId
    await becomesRunning()
    const { list } = await send('GET', `/instances/${instanceId}/endpoints`)
    const { bootstrapServers } = list[0]
    ledger = await startLedger({ home: home.home, bootstrapServers, partitions: 9, perSecond: 100, preloadMiB: 32 })
  })
  after(async () => {
    ledger?.[Symbol.dispose]()
    await home?.cleanUp()
  })

  const send = async (method: string, path: string, sent?: unknown) => {
    const { status, body } = await server.call(method, path, sent)
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  const instance = () => send('GET', `/instances/${instanceId}`)
  const change = async (body: object): Promise<string> =>
    (await send('PATCH', `/instances/${instanceId}`, body)).currentOperation.operationId
  const restart = async (): Promise<string> =>
    (await send('POST', `/instances/${instanceId}:restart`, {})).currentOperation.operationId

  const becomesRunning = () =>
    eventually(changeLimitMs, async () => {
      const { state, currentOperation } = await instance()
      return state === 'Running' || `${state}: ${JSON.stringify(currentOperation)}`
    })
  const reaches = (operationId: string, step: string) =>
    eventually(changeLimitMs, async () => {
      const { steps } = await send('GET', `/operations/${operationId}`)
      return steps.some(({ name }: { name: string }) => name === step) || JSON.stringify(steps.at(-1))
    })
  const succeeds = (operationId: string) =>
    eventually(changeLimitMs, async () => {
      const { status, step, waitingReason, error } = await send('GET', `/operations/${operationId}`)
      assert.ok(!['Failed', 'Paused', 'Cancelled'].includes(status), `${status} at ${step}: ${JSON.stringify(error)}`)
      return status === 'Succeeded' || `${status} at ${step}: ${waitingReason}`
    })
  const killServer = async () => {
    await server.end('SIGKILL')
    server = await home.start()
  }
  const nodes = async (): Promise<{ kafkaId: number; version: string; startedAt: string }[]> =>
    (await send('GET', `/instances/${instanceId}/nodes`)).list
  const processes = async () =>
    (await home.nodeProcesses()).toSorted((one, other) => one.mark.localeCompare(other.mark))
  const runsOnce = async (count: number) => {
    const marks = (await processes()).map(({ mark }) => mark)
    assert.equal(marks.length, count, marks.join(', '))
    assert.equal(new Set(marks).size, count)
    assert.equal((await nodes()).length, count)
  }

  test('is upgraded and made final, and the server is killed in the middle', async () => {
    const body = { version: '4.3.1', operation: { finalize: 'automatic', soakSeconds: 1 } }
    const operationId = await change(body)
    await reaches(operationId, 'await-node')
    await killServer()
    await succeeds(operationId)
    assert.equal((await instance()).version, '4.3.1')
    assert.deepEqual(new Set((await nodes()).map(({ version }) => version)), new Set(['4.3.1']))
    await reaches(operationId, 'finalize')
    await runsOnce(3)
  })

  test('is restarted, each node once, and the server is killed in the middle', async () => {
    const before = await processes()
    const operationId = await restart()
    await reaches(operationId, 'restart-node')
    await killServer()
    await succeeds(operationId)
    const after = await processes()
    assert.deepEqual(
      after.map(({ mark }) => mark),
      before.map(({ mark }) => mark),
    )
    assert.ok(after.every(({ pid }, index) => pid !== before[index]!.pid))
  })

  test('is restarted while a node is killed: it waits, brings the node back, and goes on', async () => {
    const operationId = await restart()
    await reaches(operationId, 'restart-node')
    const running = await processes()
    const victim = running[Math.floor(Math.random() * running.length)]!
    process.kill(victim.pid, 'SIGKILL')
    await succeeds(operationId)
    await runsOnce(3)
  })

  test('grows by a node that carries its share, and the server is killed in the middle', async () => {
    const before = await processes()
    const operationId = await change({ spec: { reservedAku: 8 } })
    await reaches(operationId, 'await-added')
    await killServer()
    await succeeds(operationId)
    await runsOnce(4)
    const pids = (await processes()).map(({ pid }) => pid)
    assert.ok(before.every(({ pid }) => pids.includes(pid)))
  })

  test('shrinks again, and the server is killed in the middle', async () => {
    const operationId = await change({ spec: { reservedAku: 6 } })
    await reaches(operationId, 'move-replicas')
    await killServer()
    await succeeds(operationId)
    await runsOnce(3)
  })

  test('grows once more, and nothing is left of the node that had gone', async () => {
    await succeeds(await change({ spec: { reservedAku: 8 } }))
    await runsOnce(4)
    assert.deepEqual((await send('GET', `/instances/${instanceId}/drift`)).list, [])
  })

  test('has lost, doubled and reordered nothing, and failed no send', async () => {
    const report = await ledger.end()
    assert.deepEqual(faultsOf(report), [], JSON.stringify(report))
    assert.ok(report.sent > 5_000, `only ${report.sent} records were sent`)
  })

  test('is deleted, and no process is left', async () => {
    await send('DELETE', `/instances/${instanceId}`)
    await eventually(changeLimitMs, async () => {
      const { status } = await server.call('GET', `/instances/${instanceId}`)
      return status === 404 || `answers ${status}`
    })
    assert.deepEqual(await processes(), [])
    assert.deepEqual(await home.instanceFolders(), [])
  })
})
