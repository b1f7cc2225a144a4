import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AppError } from '../../src/domain/errors.ts'
import { registry } from '../../src/operations/registry.ts'
import { findInstance } from '../../src/store/instances.ts'
import { getOperation } from '../../src/store/operations.ts'
import { makeDatabase, type TestDatabase } from '../harness/database.ts'
import { makeWorker } from '../harness/worker.ts'
import { arriveAt, takeOver, type Arrival, type Hand } from './arrive.ts'
import { assertNothingLeft, assertSameEnd } from './same-end.ts'
import { definitionOf, scenarios, stepsOf, turnsOf } from './scenarios.ts'

/** Every Operation at each of its own steps: repeated, cut off, failed, paused, cancelled. The list is the definition's. */
let database: TestDatabase

const die = ({ worker }: Hand) => worker.die()
const giveUp = () => Promise.reject(new AppError('invalid', 'Test.Refused', 'The test refuses this step.'))

/** Kafka cannot go back from here, and the engine says so. */
const pointOfNoReturn = 'finalize'

type Place = { name: string; step: string; turnsAt?: string; isLast: boolean; end: 'succeeded' | 'cancelled' }

describe('every Operation at each of its steps', () => {
  before(async () => void (database = await makeDatabase()))
  after(() => database[Symbol.asyncDispose]())

  test('is tried: there is a scenario for each step of each kind', () => {
    for (const { kind, steps } of registry.all) {
      const tried = Object.values(scenarios).filter((scenario) => definitionOf(scenario).steps === steps)
      const missing = Object.keys(steps).filter((step) => !tried.some((scenario) => stepsOf(scenario).includes(step)))
      assert.deepEqual(missing, [], `${kind} needs a scenario in test/crash/scenarios.ts`)
    }
  })

  for (const { place, isCancellable } of Object.keys(scenarios).flatMap(placesIn)) {
    describe(`${place.name} at ${place.step}${place.turnsAt ? `, cancelled at ${place.turnsAt}` : ''}`, () => {
      describeCuts(place)
      describePauses(place)
      describeFailures(place)
      if (isCancellable) describeCancels(place)
    })
  }
})

function placesIn(name: string): { place: Place; isCancellable: boolean }[] {
  const scenario = scenarios[name]!
  const { onCancel } = definitionOf(scenario)
  const lastOnTheWay = stepsOf(scenario).findLast((step) => step !== onCancel)
  return stepsOf(scenario).flatMap((step) => {
    if (step === onCancel) {
      const end = { name, step, isLast: true, end: 'cancelled' as const }
      return turnsOf(scenario).map((turnsAt) => ({ place: { ...end, turnsAt }, isCancellable: false }))
    }
    const place: Place = { name, step, isLast: step === lastOnTheWay, end: 'succeeded' }
    return [{ place, isCancellable: onCancel !== null && step !== pointOfNoReturn }]
  })
}

function describeCuts(place: Place): void {
  test('runs its code twice and comes to the same end', async () => {
    const { trial } = await arriveAt(database.db, place, async ({ run }) => {
      await run()
      return await run()
    })
    await assertSameEnd(trial, place.end)
  })

  test('dies before its code and comes to the same end', async () => {
    const arrival = await arriveAt(database.db, place, die)
    await takeOver(arrival)
    await assertSameEnd(arrival.trial, place.end)
  })

  test('dies before its outcome is stored and comes to the same end', async () => {
    const arrival = await arriveAt(database.db, place, async (hand) => {
      await hand.run()
      return await hand.worker.die()
    })
    await takeOver(arrival)
    await assertSameEnd(arrival.trial, place.end)
  })
}

function describePauses(place: Place): void {
  test('is paused while it runs, rests until it is resumed, and comes to the same end', async () => {
    const { trial, worker } = await arriveAt(database.db, place, async ({ trial: { stage, operationId }, run }) => {
      await stage.control(operationId, 'pause')
      return await run()
    })
    const isOver = (await getOperation(database.db, trial.operationId)).outcome !== 'active'
    // A step that reaches the end in the same moment has nothing left to pause.
    assert.equal(isOver && !place.isLast, false)
    if (!isOver) await restAndResume({ trial, worker })
    await assertSameEnd(trial, place.end)
  })

  test('is paused before its code, rests until it is resumed, and comes to the same end', async () => {
    const arrival = await arriveAt(database.db, place, die)
    await arrival.trial.stage.control(arrival.trial.operationId, 'pause')
    await restAndResume(arrival)
    await takeOver(arrival)
    await assertSameEnd(arrival.trial, place.end)
  })
}

/** Once what must not stand is put down, nobody touches what is paused, however much time passes. */
async function restAndResume({ trial, worker }: Arrival): Promise<void> {
  const { stage, operationId } = trial
  await makeWorker(stage).settle()
  const before = await getOperation(stage.db, operationId)
  stage.pass(24 * 3600_000)
  await makeWorker(stage).settle()
  assert.deepEqual(await getOperation(stage.db, operationId), before)
  await stage.control(operationId, 'resume')
  await worker.settle()
}

function describeFailures(place: Place): void {
  test('fails once after its code, by a bug, and comes to the same end', async () => {
    const { trial } = await arriveAt(database.db, place, async ({ run }) => {
      await run()
      throw new TypeError('a bug')
    })
    await assertSameEnd(trial, place.end)
  })

  test('gives up, shows the Error, is retried, and comes to the same end', async () => {
    const { trial, worker } = await arriveAt(database.db, place, giveUp)
    const instance = await findInstance(database.db, trial.instanceId)
    assert.equal(instance?.state, 'Error')
    assert.match(instance.stateReason ?? '', /The test refuses this step/)
    await trial.stage.control(trial.operationId, 'retry')
    await worker.settle()
    await assertSameEnd(trial, place.end)
  })

  test('gives up, and the Instance is deleted and leaves nothing over', async () => {
    const { trial, worker } = await arriveAt(database.db, place, giveUp)
    await trial.stage.delete(trial.instanceId)
    await worker.settle()
    assert.equal((await findInstance(database.db, trial.instanceId))?.state, 'Deleted')
    await assertNothingLeft(trial)
  })
}

function describeCancels(place: Place): void {
  test('is cancelled before its code and leaves nothing over', async () => {
    const arrival = await arriveAt(database.db, place, die)
    await arrival.trial.stage.control(arrival.trial.operationId, 'cancel')
    await takeOver(arrival)
    await assertSameEnd(arrival.trial, 'cancelled')
  })

  test('is cancelled while it runs and leaves nothing over', async () => {
    const { trial } = await arriveAt(database.db, place, async ({ trial: { stage, operationId }, run }) => {
      await stage.control(operationId, 'cancel')
      return await run()
    })
    // Too late for a step that reaches the end in the same moment.
    await assertSameEnd(trial, place.isLast ? 'succeeded' : 'cancelled')
  })

  test('is cancelled while it is paused and leaves nothing over', async () => {
    const arrival = await arriveAt(database.db, place, die)
    await arrival.trial.stage.control(arrival.trial.operationId, 'pause')
    await arrival.trial.stage.control(arrival.trial.operationId, 'cancel')
    await takeOver(arrival)
    await assertSameEnd(arrival.trial, 'cancelled')
  })

  test('gives up, is cancelled, and leaves nothing over', async () => {
    const { trial, worker } = await arriveAt(database.db, place, giveUp)
    await trial.stage.control(trial.operationId, 'cancel')
    await worker.settle()
    await assertSameEnd(trial, 'cancelled')
  })
}
