import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  assertSettles,
  endpoints,
  instance,
  instanceId,
  operation,
  stage,
  watch,
  worker,
} from '../../../test/harness/running-instance.ts'
import { makeWorker, type Hooks } from '../../../test/harness/worker.ts'
import type { Stage } from '../../../test/harness/world.ts'
import { AppError } from '../../domain/errors.ts'
import type { OperationId } from '../../domain/id.ts'
import { findVersion } from '../../domain/version.ts'
import { changeProgress } from './change-progress.ts'

const [old, newer] = ['4.2.1', '4.3.1']

const progress = async (id: OperationId) => changeProgress(await operation(id), stage.now())!
const upgrade = (options: Parameters<Stage['change']>[2] = {}) => stage.change(instanceId, { version: newer }, options)

async function finalizedLevel(): Promise<number | undefined> {
  return (await stage.simulated.clusters.features(await endpoints())).finalized['metadata.version']
}

/** Every call of that name goes through the hook. */
function workerWith(call: string, hook: (work: () => Promise<unknown>) => Promise<unknown>) {
  const aroundCall: Hooks['aroundCall'] = ({ name }, work) => (name === call ? hook(work) : work())
  return makeWorker(stage, { aroundCall })
}

const refuses = () =>
  Promise.reject(new AppError('invalid', 'Kafka.FeatureRefused', 'Broker 9 only supports versions up to 29.'))
const losesAnswer = async (work: () => Promise<unknown>) => {
  await work()
  throw new AppError('unavailable', 'Kafka.Unreachable', 'It does not answer.')
}

describe('making the new version final', () => {
  test('is not done when Kafka refuses: it can be rolled back', async () => {
    const id = await upgrade()
    await workerWith('finalizeFeatures', refuses).settle()
    assert.equal((await operation(id)).outcome, 'failed')
    assert.equal((await progress(id)).isFinal, false)
    await stage.control(id, 'cancel')
    await assertSettles(id, 'cancelled')
    const { state, version, targetVersion } = await instance()
    assert.deepEqual([state, version, targetVersion], ['Running', old, old])
  })

  test('is not done when Kafka refuses: it can be retried once the reason is gone', async () => {
    const id = await upgrade()
    await workerWith('finalizeFeatures', refuses).settle()
    await stage.control(id, 'retry')
    await assertSettles(id, 'succeeded')
    assert.equal(await finalizedLevel(), findVersion(stage.world.catalogue, newer)!.features!['metadata.version'])
  })

  test('is refused a way back as long as nobody knows whether Kafka did it', async () => {
    const id = await upgrade()
    await worker.arriveAt(id, 'finalize')
    const silent = makeWorker(stage, {
      async aroundCall({ name }, work) {
        if (name === 'finalizeFeatures') {
          isSent = true
          return losesAnswer(work)
        }
        return name === 'features' && isSent ? refusesToTell() : work()
      },
    })
    let isSent = false
    const refusesToTell = () => Promise.reject(new AppError('unavailable', 'Kafka.Unreachable', 'It does not answer.'))
    await silent.work()
    await stage.control(id, 'pause')
    await assert.rejects(() => stage.control(id, 'cancel'), /being made final/)
    await stage.control(id, 'resume')
    await assertSettles(id, 'succeeded')
  })

  test('has no way back though the worker died between Kafka’s yes and the store, and it was paused', async () => {
    const id = await upgrade()
    await worker.arriveAt(id, 'finalize')
    const dying = makeWorker(stage, {
      async aroundCall({ name }, work, self) {
        if (name !== 'finalizeFeatures') return work()
        await work()
        await stage.control(id, 'pause')
        return self.die()
      },
    })
    await dying.work()
    await assert.rejects(() => stage.control(id, 'cancel'), /being made final/)
    await stage.control(id, 'resume')
    stage.pass(60 * 60_000)
    await worker.settle()
    await dying.bury()
    const { outcome } = await operation(id)
    const { version, targetVersion } = await instance()
    assert.deepEqual([outcome, version, targetVersion], ['succeeded', newer, newer])
  })

  test('waits for its own word, and then for an Instance that is well', async () => {
    const id = await upgrade({ finalize: 'manual' })
    await worker.settle()
    await assert.rejects(() => stage.control(id, 'resume'), /make it final \(:finalize\), or roll back/)
    stage.simulated.troubleNode(instanceId, 2, 'no-canary')
    stage.pass(60_000)
    await stage.makeFinal(id)
    await watch(400_000)
    const stopped = await operation(id)
    assert.deepEqual([stopped.step, !!stopped.pausedAt], ['soak', true])
    assert.match(stopped.waitingReason ?? '', /Stopped here after 5 minutes.*node 2/)
    assert.equal(await finalizedLevel(), findVersion(stage.world.catalogue, old)!.features!['metadata.version'])
    await stage.control(id, 'cancel')
    stage.simulated.troubleNode(instanceId, 2, null)
    await assertSettles(id, 'cancelled')
  })
})

describe('watching the new version', () => {
  test('counts no time in which nobody looked', async () => {
    const id = await upgrade({ soakSeconds: 60 })
    await worker.arriveAt(id, 'soak')
    await stage.control(id, 'pause')
    const { soakSecondsLeft: left, soakUntil } = await progress(id)
    assert.ok(left! > 50)
    assert.equal(soakUntil, null)
    stage.pass(3_600_000)
    assert.equal((await progress(id)).soakSecondsLeft, left, 'the clock stands still')
    await stage.control(id, 'resume')
    await worker.work()
    assert.equal((await operation(id)).step, 'soak')
    const { soakSecondsLeft, soakUntil: until } = await progress(id)
    assert.ok(soakSecondsLeft! > left! - 6)
    assert.equal(until!.getTime(), stage.now().getTime() + soakSecondsLeft! * 1000)
    await assertSettles(id, 'succeeded')
  })

  test('sends records too, and begins anew when one does not come back', async () => {
    const id = await upgrade({ soakSeconds: 60 })
    await worker.arriveAt(id, 'soak')
    await watch(40_000)
    stage.simulated.troubleNode(instanceId, 3, 'no-canary')
    await watch(15_000)
    assert.match((await operation(id)).waitingReason ?? '', /did not come back from node 3/)
    stage.simulated.troubleNode(instanceId, 3, null)
    await watch(40_000)
    assert.equal((await operation(id)).step, 'soak')
    await assertSettles(id, 'succeeded')
  })
})

describe('the last proof', () => {
  test('rolls back by itself when told to, where records do not come back', async () => {
    const id = await upgrade({ rollBackOnFailure: true })
    await worker.arriveAt(id, 'verify')
    stage.simulated.troubleNode(instanceId, 1, 'no-canary')
    await watch(295_000)
    assert.equal((await progress(id)).isTurnedBack, false)
    await watch(10_000)
    assert.equal((await progress(id)).isTurnedBack, true)
    stage.simulated.troubleNode(instanceId, 1, null)
    await assertSettles(id, 'cancelled')
  })

  test('comes through the listeners that clients come through', async () => {
    const id = await upgrade()
    await worker.arriveAt(id, 'verify')
    stage.simulated.troubleNode(instanceId, 2, 'deaf')
    await worker.work()
    assert.match((await operation(id)).waitingReason ?? '', /node 2/i)
    stage.simulated.troubleNode(instanceId, 2, null)
    await assertSettles(id, 'succeeded')
  })
})
