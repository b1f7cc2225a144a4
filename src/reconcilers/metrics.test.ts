import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { InstanceId } from '../domain/id.ts'
import { exporterSecretOwner, type PrometheusExporter } from '../domain/metrics-exporter.ts'
import type { Reconciler, Round, Subject } from '../engine/define-reconciler.ts'
import type { World } from '../operations/world.ts'
import { listMinutes } from '../store/instance-minutes.ts'
import { getInstance, updateInstanceExporter } from '../store/instances.ts'
import { findDelivery, leaseDelivery, listDueDeliveries, openDelivery } from '../store/metrics-deliveries.ts'
import { addParcels } from '../store/metrics-parcels.ts'
import { findMetricsProblems } from '../store/observations.ts'
import { getOperation } from '../store/operations.ts'
import { makeSecretBox } from '../store/secret-box.ts'
import { makeDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { subjectsOf } from '../../test/harness/rounds.ts'
import { makeWorker } from '../../test/harness/worker.ts'
import { makeStage, type Stage } from '../../test/harness/world.ts'
import { makeMeasureInstances } from './measure-instances.ts'
import { makeSendMetrics } from './send-metrics.ts'

const secrets = makeSecretBox([randomBytes(32)])

let database: TestDatabase
let stage: Stage
let round: Round<World>
let id: InstanceId
let receiver: Server
let endPoint: string
let taken: { authorization: string | undefined; bytes: number }[]
let status = 204
let retryAfter = ''
let refuses: () => boolean
/** What happens before it answers. */
let meanwhile: () => Promise<void>

before(async () => {
  database = await makeDatabase()
  receiver = createServer((request, response) => {
    let bytes = 0
    request.on('data', (part: Buffer) => (bytes += part.length))
    request.on('end', async () => {
      await meanwhile()
      taken.push({ authorization: request.headers.authorization, bytes })
      const headers = { 'content-type': 'text/plain', ...(retryAfter && { 'retry-after': retryAfter }) }
      const answer = refuses() ? 400 : status
      response.writeHead(answer, headers).end(answer < 300 ? '' : 'not today')
    })
  })
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  endPoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/write`
})
after(async () => {
  receiver.closeAllConnections()
  receiver.close()
  await database[Symbol.asyncDispose]()
})

let measure: () => Promise<void>
const send = () => doRound(makeSendMetrics({ secrets, chance: () => 0.5 }))
const delivery = async () => (await findDelivery(stage.db, id))!

beforeEach(async () => {
  taken = []
  status = 204
  retryAfter = ''
  refuses = () => false
  meanwhile = async () => {}
  stage = await makeStage(database.db)
  round = { ...stage, random: (bytes) => randomBytes(bytes) }
  id = (await getOperation(stage.db, await stage.create())).instanceId
  await makeWorker(stage).settle()
  const reconciler = makeMeasureInstances()
  measure = () => doRound(reconciler)
})

async function doRound<S extends Subject, F>(reconciler: Reconciler<World, S, F>): Promise<void> {
  const subjects = await subjectsOf(reconciler, round)
  const found = await Promise.all(subjects.map((subject) => reconciler.reconcile(round, subject)))
  const whole = found.filter((finding) => finding !== undefined)
  await reconciler.record?.(round, whole)
}

async function exportTo(more: Partial<PrometheusExporter> = {}): Promise<void> {
  const prometheus: PrometheusExporter = { endPoint, authType: 'noauth', ...more }
  const instance = await getInstance(stage.db, id)
  await stage.db.transaction().execute(async (tx) => {
    await updateInstanceExporter(tx, instance, { exporter: { prometheus }, now: stage.now() })
    await openDelivery(tx, id)
  })
}

describe('measuring', () => {
  const statistics = async () => (await getInstance(stage.db, id)).statistics!

  test('knows rates from the second look on', async () => {
    await measure()
    assert.equal((await statistics()).bytesInPerSecond, undefined)
    stage.pass(15_000)
    await measure()
    const { bytesInPerSecond, bytesOutPerSecond, requestsInPerSecond, topicCount } = await statistics()
    assert.ok(bytesInPerSecond! > 0 && bytesOutPerSecond! > bytesInPerSecond! && requestsInPerSecond! > 0)
    assert.ok(topicCount > 0)
  })

  test('writes one row a minute, whatever the looks', async () => {
    const from = stage.now()
    for (let look = 0; look <= 12; look++) {
      await measure()
      stage.pass(15_000)
    }
    const minutes = await listMinutes(stage.db, id, { from, everySeconds: 60 })
    assert.equal(minutes.length, 3)
    assert.ok(minutes.every(({ bytesIn, storageBytes }) => bytesIn! > 0 && storageBytes! > 0))
    const averaged = await listMinutes(stage.db, id, { from, everySeconds: 600 })
    assert.equal(averaged.length, 1)
    const mean = minutes.reduce((sum, { bytesIn }) => sum + bytesIn!, 0) / 3
    assert.ok(Math.abs(averaged[0]!.bytesIn! - mean) < 1)
  })

  test('says which node tells nothing and why, and forgets it when it does', async () => {
    stage.simulated.troubleNode(id, 2, 'no-metrics')
    stage.simulated.killNode(id, 3)
    await measure()
    const problems = await findMetricsProblems(stage.db, id)
    assert.deepEqual(Object.keys(problems), ['2', '3'])
    assert.match(problems['2']!, /started without the exporter.*next restart/)
    assert.match(problems['3']!, /metrics of node 3 .* cannot be read/)
    stage.simulated.troubleNode(id, 2, null)
    await measure()
    assert.deepEqual(Object.keys(await findMetricsProblems(stage.db, id)), ['3'])
  })

  test('goes on in Error: what does not run is told as such', async () => {
    await exportTo()
    for (const kafkaId of [1, 2, 3]) stage.simulated.killNode(id, kafkaId)
    await stage.db.updateTable('instances').set({ state: 'Error', health: 'down' }).where('id', '=', id).execute()
    await measure()
    const { queued, measuredAt, measureDueAt } = await delivery()
    assert.equal(queued, 3)
    assert.deepEqual(measuredAt, stage.now())
    assert.equal(measureDueAt!.getTime() - measuredAt!.getTime(), 60_000)
  })

  test('lays nothing down for whoever wants nothing sent', async () => {
    await measure()
    assert.deepEqual(await listDueDeliveries(stage.db, stage.environmentId, stage.now()), [])
  })
})

describe('sending on', () => {
  test('brings what every look told, signed in as asked', async () => {
    const sealedToken = secrets.seal('abc', exporterSecretOwner(endPoint))
    await exportTo({ authType: 'bearer', sealedToken })
    await measure()
    assert.ok((await delivery()).queued > 15)
    await send()
    assert.deepEqual(
      taken.map(({ authorization, bytes }) => [authorization, bytes > 100]),
      [['Bearer abc', true]],
    )
    const { queued, lastSuccessAt, samplesPerMinute, dropped } = await delivery()
    assert.deepEqual([queued, lastSuccessAt, dropped], [0, stage.now(), 0])
    assert.ok(samplesPerMinute > 60)
  })

  test('keeps in order what cannot be taken now, and brings it all in one go', async () => {
    await exportTo()
    status = 503
    await measure()
    await send()
    stage.pass(1_000)
    await measure()
    await send()
    assert.equal(taken.length, 1, 'it tried again before its pause was over')
    const waiting = await delivery()
    assert.deepEqual([waiting.failures, waiting.lastError], [1, 'It answered 503: not today'])
    assert.equal(waiting.retryAt!.getTime() - waiting.lastErrorAt!.getTime(), 5_000)
    stage.pass(5_000)
    status = 204
    await send()
    assert.equal(taken.length, 2)
    assert.ok(taken[1]!.bytes > taken[0]!.bytes)
    const { queued, failures, retryAt } = await delivery()
    assert.deepEqual([queued, failures, retryAt], [0, 0, null])
  })

  test('waits as long as it is asked to', async () => {
    await exportTo()
    status = 429
    retryAfter = '90'
    await measure()
    await send()
    const { retryAt, lastErrorAt } = await delivery()
    assert.equal(retryAt!.getTime() - lastErrorAt!.getTime(), 90_000)
  })

  test('drops what is refused, counts it, keeps the words, and goes on with the next', async () => {
    await exportTo()
    status = 400
    await measure()
    const { queued } = await delivery()
    await send()
    const refused = await delivery()
    assert.deepEqual([refused.queued, refused.dropped, refused.failures], [0, queued, 0])
    assert.equal(refused.lastError, 'It answered 400: not today')
    status = 204
    stage.pass(15_000)
    await measure()
    await send()
    assert.ok((await delivery()).lastSuccessAt! > refused.lastErrorAt!)
  })

  describe('its news', () => {
    const news = async () => {
      const rows = await stage.db
        .selectFrom('events')
        .select('message')
        .where('instance_id', '=', id)
        .where('kind', '=', 'instance.metrics-delivery')
        .orderBy('id')
        .execute()
      return rows.map(({ message }) => message)
    }
    const turn = async (answer: number, passMs: number) => {
      status = answer
      stage.pass(passMs)
      await measure()
      await send()
    }

    test('are told once when nothing was taken for 5 minutes, and once when it is again', async () => {
      await exportTo()
      await turn(204, 15_000)
      for (let minute = 0; minute < 4; minute++) await turn(503, 60_000)
      assert.deepEqual(await news(), [])
      for (let minute = 0; minute < 20; minute++) await turn(503, 60_000)
      const trouble = /^Metrics do not arrive: the receiver cannot take them\. It answered 503: not today\. They wait/
      assert.equal((await news()).length, 1)
      assert.match((await news())[0]!, trouble)
      for (let turns = 0; turns < 2; turns++) await turn(204, 300_000)
      assert.deepEqual((await news()).slice(1), ['The receiver of the metrics takes them again.'])
    })

    test('are told at once when a new receiver refuses, not of one refusal between two that were taken', async () => {
      await exportTo()
      await turn(401, 15_000)
      await turn(401, 15_000)
      assert.equal((await news()).length, 1)
      assert.match((await news())[0]!, /refuses them\. It answered 401: not today\. They are dropped/)
      for (const answer of [204, 400, 204]) await turn(answer, 15_000)
      assert.equal((await news()).length, 2)
    })
  })

  const wait = async (count: number, { bytes = 1, passMs = 0 } = {}) => {
    const parcel = { id, samples: 10, samplesPerMinute: 40, body: Buffer.alloc(bytes, 'x') }
    for (let turn = 0; turn < count; turn++) {
      await addParcels(stage.db, [{ ...parcel, at: stage.now(), nextDueAt: stage.now() }])
      stage.pass(passMs)
    }
    const { queued, dropped } = await delivery()
    return { queued, dropped }
  }

  test('lets go what waited for more than 50 minutes', async () => {
    await exportTo()
    assert.deepEqual(await wait(54, { passMs: 60_000 }), { queued: 510, dropped: 30 })
  })

  test('lets the oldest go when too many bytes wait', async () => {
    await exportTo()
    assert.deepEqual(await wait(10, { bytes: 7 * 2 ** 20 }), { queued: 90, dropped: 10 })
  })

  test('sends looks one by one when all together are refused, and drops those alone that are', async () => {
    await exportTo()
    status = 503
    await measure()
    await send()
    const { queued: old } = await delivery()
    for (let look = 0; look < 3; look++) {
      stage.pass(15_000)
      await measure()
    }
    stage.pass(300_000)
    status = 204
    let asked = 0
    // All four together, and then the oldest alone.
    refuses = () => ++asked <= 2
    await send()
    const { queued, dropped, lastSuccessAt, failures } = await delivery()
    assert.deepEqual([asked, queued, dropped, failures], [5, 0, old, 0])
    assert.deepEqual(lastSuccessAt, stage.now())
  })

  describe('while another receiver is set, or somebody else takes over', () => {
    const during = async (answer: number, happens: () => Promise<void>) => {
      await exportTo()
      await measure()
      const { queued } = await delivery()
      meanwhile = happens
      status = answer
      await send()
      return queued
    }
    const anew = async () => {
      await stage.db.transaction().execute((tx) => openDelivery(tx, id))
    }

    for (const answer of [204, 401, 503]) {
      test(`says nothing of the new one by the former’s ${answer}, and keeps what is for the new one`, async () => {
        const queued = await during(answer, anew)
        const stands = await delivery()
        assert.deepEqual([stands.queued, stands.lastSuccessAt, stands.lastError], [queued, null, null])
      })
    }

    test('leaves the lease of whoever took over', async () => {
      const until = () => new Date(stage.now().getTime() + 60_000)
      await during(204, async () => {
        stage.pass(61_000)
        assert.ok(await leaseDelivery(stage.db, id, { now: stage.now(), until: until() }))
      })
      assert.equal(taken.length, 1)
      assert.equal(await leaseDelivery(stage.db, id, { now: stage.now(), until: until() }), undefined)
    })
  })

  test('leaves alone what another process sends, until that one is lost', async () => {
    await exportTo()
    await measure()
    const now = stage.now()
    const until = new Date(now.getTime() + 60_000)
    assert.equal((await leaseDelivery(stage.db, id, { now, until }))?.failures, 0)
    assert.equal(await leaseDelivery(stage.db, id, { now, until }), undefined)
    await send()
    assert.equal(taken.length, 0)
    stage.pass(61_000)
    await send()
    assert.equal(taken.length, 1)
  })

  test('has nothing left of an exporter that was taken away', async () => {
    await addParcels(stage.db, [
      { id, at: stage.now(), samples: 1, samplesPerMinute: 4, nextDueAt: stage.now(), body: Buffer.from('x') },
    ])
    assert.equal(await findDelivery(stage.db, id), undefined)
  })
})
