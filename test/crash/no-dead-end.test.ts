import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { AppError } from '../../src/domain/errors.ts'
import type { InstanceId, OperationId } from '../../src/domain/id.ts'
import { operationActions } from '../../src/domain/operation.ts'
import { worldCalls } from '../../src/providers/simulated/faults.ts'
import { findInstance } from '../../src/store/instances.ts'
import { listNodes } from '../../src/store/nodes.ts'
import { findOpenOperation, getOperation } from '../../src/store/operations.ts'
import { makeDatabase, type TestDatabase } from '../harness/database.ts'
import { leaseMs, makeWorker, type TestWorker } from '../harness/worker.ts'
import { makeStage, type Stage } from '../harness/world.ts'

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
  | { kind: 'kill-node'; kafkaId: number }
  | { kind: 'fault'; call: (typeof worldCalls)[number]; effect: 'fails' | 'loses-answer'; times: number }
  | { kind: 'refuse'; afterCalls: number }

const kafkaId = fc.integer({ min: 1, max: 3 })
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
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill-node' as const), kafkaId }) },
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
    const property = fc.asyncProperty(fc.array(deed, { maxLength: 14 }), async (deeds) => {
      const stage = await makeStage(database.db)
      const operationId = await stage.create()
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
    case 'kill-node':
      return stage.simulated.killNode(instanceId, one.kafkaId)
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

/** A person who may not do it now is told so in words, and that is all. */
async function unlessForbidden(deedDone: Promise<unknown>): Promise<void> {
  await deedDone.catch((thrown: unknown) => {
    if (!(thrown instanceof AppError && ['conflict', 'not-found'].includes(thrown.kind))) throw thrown
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

/** What a patient person does: resume what is paused, retry what has failed, and delete what fails again. */
async function findTheWayOut(life: Life): Promise<void> {
  const { stage, instanceId } = life
  stage.simulated.faults.clear()
  stage.pass(leaseMs + 1)
  const open = await findOpenOperation(stage.db, instanceId)
  if (open?.pausedAt) await stage.control(open.id, 'resume')
  if (open?.outcome === 'failed') await stage.control(open.id, 'retry')
  await makeWorker(stage).settle()
  if ((await findInstance(stage.db, instanceId))?.state !== 'Error') return
  await stage.delete(instanceId)
  await makeWorker(stage).settle()
}

async function assertGoodEnd({ stage, instanceId }: Life): Promise<void> {
  assert.equal(await findOpenOperation(stage.db, instanceId), undefined)
  const { state } = (await findInstance(stage.db, instanceId))!
  const nodes = await listNodes(stage.db, instanceId)
  const there = stage.simulated.population.of(instanceId)
  assert.ok(state === 'Running' || state === 'Deleted', `it ended in ${state}`)
  assert.equal(nodes.length, state === 'Running' ? 3 : 0)
  assert.equal(there.length, nodes.length)
}
