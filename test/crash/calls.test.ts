import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AppError } from '../../src/domain/errors.ts'
import { findInstance } from '../../src/store/instances.ts'
import { getOperation } from '../../src/store/operations.ts'
import { makeDatabase, type TestDatabase } from '../harness/database.ts'
import { leaseMs, makeWorker, type Hooks, type TestWorker } from '../harness/worker.ts'
import { makeStage } from '../harness/world.ts'
import { takeOver } from './arrive.ts'
import { everything } from './everything.ts'
import { assertNothingLeft, assertSameEnd } from './same-end.ts'
import { beginTrial, definitionOf, scenarios, type Trial } from './scenarios.ts'

/**
 * Every call that an Operation makes to its provider or to Kafka goes wrong once, in every way: the first, the second, up to
 * the last. How many there are is found out by an undisturbed run.
 */
let database: TestDatabase

type CallHook = NonNullable<Hooks['aroundCall']>
type Hand = { trial: Trial; work(): Promise<unknown>; worker: TestWorker }
type Begun = { trial: Trial; worker: TestWorker }

describe('every Operation at each of its calls', () => {
  before(async () => void (database = await makeDatabase()))
  after(() => database[Symbol.asyncDispose]())

  for (const [kind, scenario] of Object.entries(scenarios)) {
    const { onCancel } = definitionOf(scenario)
    describe(kind, () => {
      describeFailures(kind)
      describeDeaths(kind)
      describeGivingUp(kind)
      test('is overtaken at a call, wakes up, and changes nothing any more', () =>
        eachCall(kind, async (_kind, at) => overtake(kind, at)))
      test('is overtaken at a call, wakes up after a delete, and brings nothing back', () =>
        eachCall(kind, async (_kind, at) => overtake(kind, at, deleteIt)))
      if (kind !== 'delete')
        test('is deleted during a call and brings nothing back', () => eachCall(kind, deleteDuring))
      if (onCancel) test('is cancelled during a call and leaves nothing over', () => eachCall(kind, cancelDuring))
    })
  }
})

/** A long one is tried at so many of its calls, spread over all of it, and at others by every test. */
const mostTried = 14
let tests = 0

/** Runs the Operation afresh once for each call it makes. */
async function eachCall(kind: string, attempt: (kind: string, at: number) => Promise<void>): Promise<void> {
  let calls = 0
  const { trial } = await begin(kind, async (_call, work) => (calls++, await work()))
  await assertSameEnd(trial)
  assert.ok(calls > 0, 'it never calls the world')
  const stride = Math.ceil(calls / mostTried)
  for (let at = tests++ % stride; at < calls; at += stride) await attempt(kind, at)
}

async function begin(
  kind: string,
  hook: (call: { index: number }, work: () => Promise<unknown>, hand: Begun) => Promise<unknown>,
) {
  const trial = await beginTrial(await makeStage(database.db), kind)
  const aroundCall: CallHook = (call, work, worker) => hook(call, work, { trial, worker })
  const worker = makeWorker(trial.stage, { aroundCall })
  await worker.settle()
  return { trial, worker }
}

/** The hook stands in the place of one call, and only there. */
const spoil = (kind: string, at: number, hook: (hand: Hand) => Promise<unknown>): Promise<Begun> =>
  begin(kind, async ({ index }, work, begun) => (index === at ? await hook({ ...begun, work }) : await work()))

const unavailable = () => new AppError('unavailable', 'Test.Unavailable', 'The test lets this call fail.')

function describeFailures(kind: string): void {
  const ways: Record<string, (hand: Hand) => Promise<unknown>> = {
    'a call fails once': () => Promise.reject(unavailable()),
    'the answer of a call is lost': async ({ work }) => {
      await work()
      throw unavailable()
    },
    'a call fails by a bug': () => Promise.reject(new TypeError('a bug')),
  }
  for (const [words, way] of Object.entries(ways)) {
    test(`comes to the same end when ${words}`, () =>
      eachCall(kind, async (_kind, at) => {
        const { trial } = await spoil(kind, at, way)
        await assertSameEnd(trial)
      }))
  }
}

function describeDeaths(kind: string): void {
  const ways: Record<string, (hand: Hand) => Promise<unknown>> = {
    before: ({ worker }) => worker.die(),
    after: async ({ work, worker }) => {
      await work()
      return await worker.die()
    },
  }
  for (const [words, way] of Object.entries(ways)) {
    test(`comes to the same end when its worker dies ${words} a call`, () =>
      eachCall(kind, async (_kind, at) => {
        const begun = await spoil(kind, at, way)
        await takeOver(begun)
        await assertSameEnd(begun.trial)
      }))
  }
}

function describeGivingUp(kind: string): void {
  const giveUp = () => Promise.reject(new AppError('invalid', 'Test.Refused', 'The test refuses this call.'))

  test('comes to the same end by a retry after a call was refused', () =>
    eachCall(kind, async (_kind, at) => {
      const { trial, worker } = await spoil(kind, at, giveUp)
      assert.equal((await findInstance(database.db, trial.instanceId))?.state, 'Error')
      await trial.stage.control(trial.operationId, 'retry')
      await worker.settle()
      await assertSameEnd(trial)
    }))

  test('can be deleted without a rest after a call was refused', () =>
    eachCall(kind, async (_kind, at) => {
      const { trial, worker } = await spoil(kind, at, giveUp)
      await trial.stage.delete(trial.instanceId)
      await worker.settle()
      assert.equal((await findInstance(database.db, trial.instanceId))?.state, 'Deleted')
      await assertNothingLeft(trial)
    }))
}

/** A worker stands still in the middle of a call for longer than its lease, as a stopped process does, and then goes on. */
async function overtake(kind: string, at: number, meanwhile = async (_trial: Trial) => {}): Promise<void> {
  const [reached, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const trial = await beginTrial(await makeStage(database.db), kind)
  const paused = makeWorker(trial.stage, {
    async aroundCall({ index }, work) {
      if (index === at) {
        reached.resolve()
        await goOn.promise
      }
      return await work()
    },
  })
  const settled = paused.settle()
  await reached.promise
  trial.stage.pass(leaseMs + 1)
  await makeWorker(trial.stage).settle()
  await assertSameEnd(trial)
  await meanwhile(trial)
  const [rows, acts] = [await everything(trial), trial.stage.ledger.length]
  goOn.resolve()
  await settled
  assert.equal(trial.stage.ledger.length, acts, 'an overtaken worker has touched a node')
  assert.deepEqual(await everything(trial), rows, 'an overtaken worker has written')
}

async function deleteIt({ stage, instanceId }: Trial): Promise<void> {
  if ((await findInstance(stage.db, instanceId))?.state === 'Running') await stage.delete(instanceId)
  await makeWorker(stage).settle()
}

/** The delete takes its place in the middle of the call, and is done when that goes on. */
async function deleteDuring(kind: string, at: number): Promise<void> {
  const { trial } = await spoil(kind, at, async ({ trial: { stage, instanceId }, work }) => {
    await stage.delete(instanceId)
    await makeWorker(stage).settle()
    return await work()
  })
  assert.equal((await getOperation(database.db, trial.operationId)).outcome, 'cancelled')
  assert.equal((await findInstance(database.db, trial.instanceId))?.state, 'Deleted')
  await assertNothingLeft(trial)
}

async function cancelDuring(kind: string, at: number): Promise<void> {
  const { trial } = await spoil(kind, at, async ({ trial: { stage, operationId }, work }) => {
    // Refused where there is no way back any more: then it ends as it would have.
    await stage.control(operationId, 'cancel').catch((thrown: unknown) => assert.match(String(thrown), /made final/))
    return await work()
  })
  const { outcome } = await getOperation(database.db, trial.operationId)
  // A cancel in the last step comes too late when the step reaches the end.
  await assertSameEnd(trial, outcome === 'succeeded' ? 'succeeded' : 'cancelled')
}
