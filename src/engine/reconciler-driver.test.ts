import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { environmentId, makeStore, start } from '../../test/harness/rows.ts'
import type { TestDatabase } from '../../test/harness/database.ts'
import { until } from '../../test/harness/until.ts'
import type { Reconciler, Round, Subject } from './define-reconciler.ts'
import type { EngineLog } from './engine.ts'
import { startReconciler, type ReconcilerDriver } from './reconciler-driver.ts'

let store: TestDatabase
before(async () => void (store = await makeStore()))
after(() => store[Symbol.asyncDispose]())

const quiet: EngineLog = { stepFailed() {}, leaseLost() {}, unexpected() {} }
/** The rows of duties are shared; each test's has its own name. */
let duties = 0

/** What a test began and holds up: also one that fails leaves nothing running. */
const begunDrivers: ReconcilerDriver[] = []
const held: PromiseWithResolvers<void>[] = []
const hold = () => {
  const one = Promise.withResolvers<void>()
  held.push(one)
  return one
}
afterEach(async () => {
  for (const { resolve } of held.splice(0)) resolve()
  await Promise.all(begunDrivers.splice(0).map((driver) => driver.stop()))
})

type Looks = { seen: string[]; look?(id: string): Promise<void>; more?: Partial<Reconciler<object, Subject, string>> }

function driverOf({ seen, look, more = {} }: Looks, ids: string[], log = quiet) {
  let now = start.getTime()
  const round: Round<object> = {
    world: {},
    db: store.db,
    environmentId,
    now: () => new Date(now),
    random: (bytes) => new Uint8Array(bytes),
  }
  const reconciler: Reconciler<object, Subject, string> = {
    name: `duty-${++duties}`,
    everySeconds: 0.03,
    limitSeconds: 60,
    subjects: async () => ids.map((id) => ({ id })),
    async reconcile(_round, { id }) {
      seen.push(id)
      await look?.(id)
      return undefined
    },
    ...more,
  }
  const begin = () => {
    const driver = startReconciler(reconciler, round, log)
    begunDrivers.push(driver)
    return driver
  }
  return { begin, pass: () => void (now += 1_000) }
}

describe('the rounds of a reconciler', () => {
  test('look at every subject, the first at once, the next when its time has come', async () => {
    const seen: string[] = []
    const { begin, pass } = driverOf({ seen }, ['a', 'b', 'c'])
    begin()
    await until(() => seen.length === 3)
    assert.deepEqual(seen.toSorted(), ['a', 'b', 'c'])
    pass()
    await until(() => seen.length === 6)
  })

  test('are each done by one of several processes', async () => {
    const seen: string[] = []
    const { begin, pass } = driverOf({ seen }, ['a'])
    const drivers = [begin(), begin(), begin()]
    await until(() => seen.length === 1)
    for (const rounds of [2, 3, 4]) {
      pass()
      await until(() => seen.length >= rounds)
    }
    await Promise.all(drivers.map((driver) => driver.stop()))
    assert.equal(seen.length, 4)
  })

  test('go on when a subject’s look throws, and tell the log whose', async () => {
    const seen: string[] = []
    const told: string[] = []
    const log = { ...quiet, unexpected: (where: string) => void told.push(where) }
    const look = (id: string) => (id === 'b' ? Promise.reject(new Error('no')) : Promise.resolve())
    const { begin } = driverOf({ seen, look }, ['a', 'b', 'c'], log)
    begin()
    await until(() => seen.length === 3 && told.length === 1)
    assert.match(told[0]!, /^duty-\d+ of b$/)
  })

  test('come again when their list of subjects cannot be read', async () => {
    const told: string[] = []
    const seen: string[] = []
    const log = { ...quiet, unexpected: (where: string) => void told.push(where) }
    const answers = [() => Promise.reject(new Error('no')), async () => [{ id: 'a' }]]
    const { begin, pass } = driverOf({ seen, more: { subjects: () => answers.shift()!() } }, [], log)
    begin()
    await until(() => told.length === 1)
    pass()
    await until(() => seen.length === 1)
  })
})

describe('what looks found', () => {
  test('is recorded together, also that of one whose neighbour fails or hangs; nothing found is not recorded', async () => {
    const finish = hold()
    const recorded: string[][] = []
    const { begin } = driverOf(
      {
        seen: [],
        more: {
          async reconcile(_round, { id }) {
            if (id === 'fails') throw new Error('no')
            if (id === 'hangs') await finish.promise
            return id === 'nothing' ? undefined : id
          },
          record: async (_round, found) => void recorded.push(found),
        },
      },
      ['hangs', 'a', 'fails', 'b', 'nothing'],
    )
    const driver = begin()
    await until(() => recorded.length === 1)
    assert.deepEqual(recorded, [['a', 'b']])
    finish.resolve()
    await driver.stop()
    assert.deepEqual(recorded, [['a', 'b'], ['hangs']])
  })

  test('and could not be recorded is told to the log, and the next round comes', async () => {
    const told: string[] = []
    const log = { ...quiet, unexpected: (where: string) => void told.push(where) }
    const more = { reconcile: async () => 'found', record: () => Promise.reject(new Error('no')) }
    const { begin, pass } = driverOf({ seen: [], more }, ['a'], log)
    begin()
    await until(() => told.length === 1)
    assert.match(told[0]!, /recording/)
    pass()
    await until(() => told.length === 2)
  })
})

describe('a slow subject', () => {
  test('delays no other, though there are more than are looked at together', async () => {
    const seen: string[] = []
    const finish = hold()
    const look = (id: string) => (id === '0' ? finish.promise : Promise.resolve())
    const ids = Array.from({ length: 100 }, (_, index) => String(index))
    driverOf({ seen, look }, ids).begin()
    await until(() => seen.length === 100)
    finish.resolve()
  })

  test('is no longer waited for after its limit, and left out until it ends', async () => {
    const seen: string[] = []
    const finish = hold()
    const look = (id: string) => (id === 'slow' ? finish.promise : Promise.resolve())
    const { begin, pass } = driverOf({ seen, look, more: { limitSeconds: 0.02 } }, ['slow', 'quick'])
    begin()
    for (const rounds of [1, 2, 3]) {
      await until(() => seen.filter((id) => id === 'quick').length === rounds)
      pass()
    }
    assert.equal(seen.filter((id) => id === 'slow').length, 1)
    finish.resolve()
    await until(() => {
      pass()
      return seen.filter((id) => id === 'slow').length >= 2
    })
  })
})

describe('a stop', () => {
  test('waits for the look in hand and begins no other', async () => {
    const seen: string[] = []
    const finish = hold()
    const ids = Array.from({ length: 100 }, (_, index) => String(index))
    const driver = driverOf({ seen, look: () => finish.promise }, ids).begin()
    await until(() => seen.length > 0)
    const inHand = seen.length
    const stopping = driver.stop()
    finish.resolve()
    await stopping
    assert.equal(seen.length, inHand)
    assert.ok(inHand < 100)
  })
})
