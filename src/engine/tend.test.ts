import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { addNodes, aNode, second } from '../../test/harness/rows.ts'
import { make, makeTinyEngine, remove, type TinyEngine } from '../../test/harness/tiny-engine.ts'
import { requestTending } from '../store/operation-leases.ts'
import { done, giveUp, wait } from './outcome.ts'

let tiny: TinyEngine
beforeEach(async () => void (tiny = await makeTinyEngine({ first: async () => wait(1, 'why') })))
afterEach(() => tiny[Symbol.asyncDispose]())

/** Stands still, with a node that was seen stopped. */
async function standing(action: 'pause' | 'fail' = 'pause') {
  if (action === 'fail') tiny.world.scripts.first = async () => giveUp('Test.Failed', 'No.')
  const operation = await tiny.begin()
  await addNodes(tiny.db, [aNode({ id: operation.instanceId }, 1, { health: 'stopped' })])
  await tiny.work()
  if (action === 'pause') await tiny.control(operation.id, 'pause')
  await tiny.work()
  tiny.world.ran.splice(0)
  return operation
}
const ask = (kinds: string[] = [make.kind]) =>
  requestTending(tiny.db, { kinds, silentBefore: second(0), now: tiny.now() })

describe('an Operation that stands still', () => {
  for (const action of ['pause', 'fail'] as const) {
    test(`after a ${action} looks once by itself`, async () => {
      let looks = 0
      tiny.world.tend = async () => {
        looks++
        return null
      }
      await standing(action)
      await tiny.work()
      assert.equal(looks, 1)
    })

    test(`after a ${action} looks after its nodes when asked, as often as it wants, and stays where it is`, async () => {
      const { id } = await standing(action)
      const before = await tiny.get(id)
      const answers = [2, 2, null]
      const looked: number[] = []
      tiny.world.tend = async (op) => {
        op.remember({ looks: looked.push(tiny.now().getTime()) })
        return answers.shift() ?? null
      }
      assert.equal(await ask(), 1)
      await tiny.work()
      tiny.pass(1.9)
      await tiny.work()
      assert.equal(looked.length, 1)
      for (let turn = 0; turn < 4; turn++) {
        tiny.pass(2)
        await tiny.work()
      }
      assert.equal(looked.length, 3)
      assert.deepEqual(await tiny.get(id), { ...before, notes: { looks: 3 } })
      assert.deepEqual(tiny.world.ran, [])
    })
  }

  test('does nothing of the kind again until it is asked, and is not asked when its nodes are well', async () => {
    const { id, instanceId } = await standing()
    await tiny.work()
    assert.equal(await ask([remove.kind]), 0)
    await tiny.db.updateTable('nodes').set({ health: 'running' }).where('instance_id', '=', instanceId).execute()
    assert.equal(await ask(), 0)
    assert.ok((await tiny.get(id)).pausedAt)
  })

  test('tries again later what went wrong, and says so in the log', async () => {
    await standing()
    let tries = 0
    tiny.world.tend = async () => {
      if (++tries === 1) throw new Error('no provider')
      return null
    }
    await ask()
    await tiny.work()
    assert.match(tiny.logged.join(), /unexpected tending: Error: no provider/)
    tiny.pass(5)
    await tiny.work()
    assert.equal(tries, 2)
  })

  test('goes on at once when a person resumes it in the middle', async () => {
    const { id } = await standing()
    tiny.world.scripts.first = async () => done
    tiny.world.tend = async () => {
      await tiny.control(id, 'resume')
      return 60
    }
    await ask()
    await tiny.work()
    assert.equal((await tiny.get(id)).outcome, 'succeeded')
  })
})

test('an Operation that goes on is not asked', async () => {
  const operation = await tiny.begin()
  await addNodes(tiny.db, [aNode({ id: operation.instanceId }, 1, { health: 'stopped' })])
  assert.equal(await ask(), 0)
})
