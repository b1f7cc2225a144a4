import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { ChangeWish } from '../../src/domain/change.ts'
import { AppError } from '../../src/domain/errors.ts'
import type { InstanceId, OperationId } from '../../src/domain/id.ts'
import { operationActions } from '../../src/domain/operation.ts'
import { worldCalls } from '../../src/providers/simulated/faults.ts'
import { findInstance } from '../../src/store/instances.ts'
import { listNodes } from '../../src/store/nodes.ts'
import { nextDueAt } from '../../src/store/operation-leases.ts'
import { findOpenOperation, getOperation } from '../../src/store/operations.ts'
import { makeDatabase, type TestDatabase } from '../harness/database.ts'
import { leaseMs, makeWorker, type TestWorker } from '../harness/worker.ts'
import { makeStage, type Stage } from '../harness/world.ts'
import { arriveAt } from './arrive.ts'
import { scenarios, stepsOf, type Trial } from './scenarios.ts'

/**
 * Whatever people, crashes and faults do to an Instance, in any order: at most one Operation is open, and from where it ends
 * up, when the faults are over, what people can do leads to Running or to gone.
 */
type Deed =
  | { kind: 'work' }
  | { kind: 'pass'; ms: number }
  | { kind: 'crash'; afterCalls: number }
  | { kind: 'control'; action: (typeof operationActions)[number] }
  | { kind: 'delete' }
  | { kind: 'heal' }
  | { kind: 'live' }
  | { kind: 'change'; wish: ChangeWish }
  | { kind: 'kill-node'; kafkaId: number }
  | { kind: 'sicken-node'; kafkaId: number; trouble: 'hangs' | 'lags' | 'no-canary' }
  | { kind: 'lose-node'; kafkaId: number }
  | { kind: 'fault'; call: (typeof worldCalls)[number]; effect: 'fails' | 'loses-answer'; times: number }
  | { kind: 'refuse'; afterCalls: number }

const kafkaId = fc.integer({ min: 1, max: 4 })
const wishes: ChangeWish[] = [
  { restart: 'all' },
  { version: '4.3.1' },
  { reservedAku: 8 },
  { reservedAku: 6, restart: 'all' },
  { instanceConfigs: [{ key: 'log.retention.ms', value: '60000' }] },
]
const afterCalls = fc.nat({ max: 8 })
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'work' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat({ max: 2_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), afterCalls }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('control' as const), action: fc.constantFrom(...operationActions) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'delete' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'heal' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'live' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('change' as const), wish: fc.constantFrom(...wishes) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill-node' as const), kafkaId }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('sicken-node' as const),
      kafkaId,
      trouble: fc.constantFrom('hangs' as const, 'lags' as const, 'no-canary' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose-node' as const), kafkaId }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      call: fc.constantFrom(...worldCalls),
      effect: fc.constantFrom('fails' as const, 'loses-answer' as const),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse' as const), afterCalls }) },
)

type Life = { stage: Stage; instanceId: InstanceId; operationId: OperationId; graves: TestWorker[] }

describe('an Instance', () => {
  let database: TestDatabase
  before(async () => void (database = await makeDatabase()))
  after(() => database[Symbol.asyncDispose]())

  test('has a way out of wherever it gets', async () => {
    const property = fc.asyncProperty(fc.array(deed, { maxLength: 18 }), async (deeds) => {
      const stage = await makeStage(database.db)
      const operationId = await stage.create({ version: '4.2.1' })
      const { instanceId } = await getOperation(stage.db, operationId)
      const life: Life = { stage, instanceId, operationId, graves: [] }
      for (const one of deeds) await act(life, one)
      await findTheWayOut(life)
      await Promise.all(life.graves.map((worker) => worker.bury()))
      await assertGoodEnd(life)
    })
    await fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: 40_000 })
  })
})

async function act(life: Life, one: Deed): Promise<void> {
  const { stage, instanceId } = life
  switch (one.kind) {
    case 'work':
      return await makeWorker(stage).work()
    case 'pass':
      return stage.pass(one.ms)
    case 'crash':
      return await crash(life, one.afterCalls)
    case 'refuse':
      return await refuse(life, one.afterCalls)
    case 'live':
      return void (await liveOn(stage, 25))
    case 'change':
      return await unlessForbidden(stage.change(instanceId, one.wish))
    case 'kill-node':
      return stage.simulated.killNode(instanceId, one.kafkaId)
    case 'sicken-node':
      return stage.simulated.troubleNode(instanceId, one.kafkaId, one.trouble)
    case 'lose-node':
      return stage.simulated.loseNode(instanceId, one.kafkaId)
    case 'fault':
      return stage.simulated.faults.add(one)
    case 'control':
      return await unlessForbidden(control(life, one.action))
    case 'delete':
    case 'heal':
      return await unlessForbidden(stage[one.kind](instanceId))
  }
}

async function control({ stage, instanceId }: Life, action: (typeof operationActions)[number]): Promise<void> {
  const open = await findOpenOperation(stage.db, instanceId)
  if (open) await stage.control(open.id, action)
}

/** A person who may not do it now, or whom a fault of this world met on the way, is told so in words, and that is all. */
async function unlessForbidden(deedDone: Promise<unknown>): Promise<void> {
  await deedDone.catch((thrown: unknown) => {
    if (!(thrown instanceof AppError)) throw thrown
    if (!['conflict', 'not-found', 'invalid'].includes(thrown.kind) && thrown.code !== 'Simulated.Fault') throw thrown
    assert.ok(thrown.message.length > 10)
  })
}

async function crash({ stage, graves }: Life, calls: number): Promise<void> {
  const worker = makeWorker(stage, {
    aroundCall: ({ index }, work, self) => (index === calls ? self.die() : work()),
  })
  await worker.work()
  if (worker.isDead()) graves.push(worker)
  // Not for ever: the lease of the dead runs out while the story goes on.
  stage.pass(leaseMs / 2)
}

async function refuse({ stage }: Life, calls: number): Promise<void> {
  const refusal = new AppError('invalid', 'Test.Refused', 'The test refuses this call.')
  const worker = makeWorker(stage, {
    aroundCall: ({ index }, work) => (index === calls ? Promise.reject(refusal) : work()),
  })
  await worker.work()
}

/** Lets time pass until nothing is under way, or for so many turns. */
async function liveOn(stage: Stage, turns: number): Promise<boolean> {
  const worker = makeWorker(stage)
  for (let turn = 0; turn < turns; turn++) {
    await worker.work()
    const due = await nextDueAt(stage.db)
    if (!due) return true
    stage.pass(Math.max(1, due.getTime() - stage.now().getTime() + 1))
  }
  return false
}

/** Enough for the patience of a gate, where every look takes a while. */
const longLife = 150

/** What a patient person does: resume what is paused, retry what has failed, cancel what waits on, and delete what then fails. */
async function findTheWayOut(life: Life): Promise<void> {
  const { stage, instanceId } = life
  stage.simulated.faults.clear()
  stage.simulated.faults.add(slowLooks)
  stage.pass(leaseMs + 1)
  const open = await findOpenOperation(stage.db, instanceId)
  if (open?.pausedAt) await stage.control(open.id, 'resume')
  if (open?.outcome === 'failed') await stage.control(open.id, 'retry')
  await liveOn(stage, longLife)
  await unlessForbidden(control(life, 'cancel'))
  await liveOn(stage, longLife)
  if (!(await needsAnEnd(life))) return
  await stage.delete(instanceId)
  await makeWorker(stage).settle()
}

const slowLooks = { call: 'observe', effect: { hangsMs: 3_000 }, times: Infinity } as const

/** Whose data is lost, only a delete can help. */
async function needsAnEnd({ stage, instanceId }: Life): Promise<boolean> {
  const { state } = (await findInstance(stage.db, instanceId))!
  if (state !== 'Running') return !['Deleting', 'Deleted'].includes(state)
  const nodes = await listNodes(stage.db, instanceId)
  return stage.simulated.population.of(instanceId).length < nodes.length
}

async function assertGoodEnd({ stage, instanceId }: Life): Promise<void> {
  assert.equal(await findOpenOperation(stage.db, instanceId), undefined)
  const { state } = (await findInstance(stage.db, instanceId))!
  const nodes = await listNodes(stage.db, instanceId)
  const there = stage.simulated.population.of(instanceId)
  assert.ok(state === 'Running' || state === 'Deleted', `it ended in ${state}`)
  assert.ok(state === 'Running' ? nodes.length >= 3 : nodes.length === 0)
  assert.ok(nodes.every(({ intent }) => intent === 'stay'))
  assert.equal(there.length, nodes.length)
}

/** For good: whoever starts it again fails. */
const ruins: Record<string, (trial: Trial) => void> = {
  'cannot start': ({ stage: { simulated }, instanceId }) => {
    simulated.killNode(instanceId, 2)
    simulated.faults.add({ call: 'ensureNode', instanceId, kafkaId: 2, effect: 'fails', times: Infinity })
  },
  'is out of sync': ({ stage: { simulated }, instanceId }) => simulated.troubleNode(instanceId, 2, 'lags'),
  'is lost': ({ stage: { simulated }, instanceId }) => simulated.loseNode(instanceId, 2),
}

describe('a change', () => {
  let database: TestDatabase
  before(async () => void (database = await makeDatabase()))
  after(() => database[Symbol.asyncDispose]())

  for (const name of ['grow and upgrade', 'shrink and restart']) {
    for (const step of stepsOf(scenarios[name]!).filter((one) => !['finalize', 'turn-back'].includes(one))) {
      for (const [what, ruin] of Object.entries(ruins)) {
        test(`that is cancelled at ${step} of ${name} while a node ${what} ends, or says what to mend`, async () => {
          const { trial } = await arriveAt(database.db, { name, step }, async (hand) => {
            ruin(hand.trial)
            hand.trial.stage.simulated.faults.add(slowLooks)
            await hand.trial.stage.control(hand.trial.operationId, 'cancel')
            return await hand.run()
          })
          await assertWayOut(trial)
        })
      }
    }
  }
})

/** The way back is over, or has failed in words; then mending and retrying ends it, and a delete does in any case. */
async function assertWayOut({ stage, operationId, instanceId }: Trial): Promise<void> {
  const { outcome, error } = await getOperation(stage.db, operationId)
  assert.ok(outcome === 'cancelled' || outcome === 'failed', outcome)
  const nodes = await listNodes(stage.db, instanceId)
  const isLost = !stage.simulated.population.of(instanceId).some(({ spec }) => spec.kafkaId === 2)
  if (outcome === 'failed') {
    assert.match(error?.message ?? '', /Mend that and retry, or delete the Instance/)
    stage.simulated.faults.clear()
    stage.simulated.troubleNode(instanceId, 2, null)
    stage.simulated.faults.add(slowLooks)
    await stage.control(operationId, 'retry')
    await makeWorker(stage).settle()
    if (!isLost) assert.equal((await getOperation(stage.db, operationId)).outcome, 'cancelled')
  } else assert.ok(nodes.every(({ intent }) => intent === 'stay'))
  stage.simulated.faults.clear()
  await stage.delete(instanceId)
  await makeWorker(stage).settle()
  assert.equal((await findInstance(stage.db, instanceId))?.state, 'Deleted')
  assert.deepEqual(stage.simulated.population.of(instanceId), [])
}
