import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  addInstance,
  addNodes,
  addOperation,
  aNode,
  environmentId,
  makeStore,
  second,
} from '../../test/harness/rows.ts'
import type { TestDatabase } from '../../test/harness/database.ts'
import type { InstanceId } from '../domain/id.ts'
import type { InstanceState } from '../domain/instance.ts'
import type { Database } from './database.ts'
import { countHealed, listInstancesToHeal } from './healing.ts'

let store: TestDatabase
let db: Database
before(async () => {
  store = await makeStore()
  db = store.db
})
after(() => store[Symbol.asyncDispose]())

const healKind = 'heal-instance'

describe('Instances to heal', () => {
  const query = { environmentId, healKind, cancelledAfter: second(100), silentBefore: second(200) }
  const isToHeal = async (id: InstanceId) => (await listInstancesToHeal(db, query)).includes(id)
  type With = { silentSince?: Date; state?: InstanceState }
  const oneWith = async (health: 'stopped' | 'unreachable', { silentSince, state = 'Running' }: With = {}) => {
    const instance = await addInstance(db, { state })
    const address = `10.9.${++count >> 8}.${count & 255}`
    await addNodes(db, [aNode(instance, 1, { health, address, silentSince: silentSince ?? null })])
    return instance.id
  }
  let count = 0

  test('should serve, and have a node that stopped', async () => {
    assert.ok(await isToHeal(await oneWith('stopped')))
    assert.ok(await isToHeal(await oneWith('stopped', { state: 'Error' })))
    assert.ok(!(await isToHeal(await oneWith('stopped', { state: 'Changing' }))))
    assert.ok(!(await isToHeal(await oneWith('unreachable'))))
  })

  test('have a node that has been silent for long', async () => {
    assert.ok(await isToHeal(await oneWith('unreachable', { silentSince: second(200) })))
    assert.ok(!(await isToHeal(await oneWith('unreachable', { silentSince: second(201) }))))
  })

  test('are asked for among some only', async () => {
    const [one, other] = [await oneWith('stopped'), await oneWith('stopped')]
    assert.deepEqual(await listInstancesToHeal(db, { ...query, among: [one] }), [one])
    assert.deepEqual(await listInstancesToHeal(db, { ...query, among: [] }), [])
    assert.ok((await listInstancesToHeal(db, query)).includes(other))
  })

  test('are not those that an Operation owns, active or failed', async () => {
    for (const outcome of ['active', 'failed'] as const) {
      const instanceId = await oneWith('stopped')
      await addOperation(db, { instanceId, outcome })
      assert.ok(!(await isToHeal(instanceId)), outcome)
    }
    const instanceId = await oneWith('stopped')
    await addOperation(db, { instanceId, outcome: 'succeeded' })
    assert.ok(await isToHeal(instanceId))
  })

  test('are not those whose healing was cancelled lately', async () => {
    const cancelledAt = async (at: number, kind = healKind) => {
      const instanceId = await oneWith('stopped')
      await addOperation(db, { instanceId, kind, outcome: 'cancelled', endedAt: second(at) })
      return instanceId
    }
    assert.ok(!(await isToHeal(await cancelledAt(101))))
    assert.ok(await isToHeal(await cancelledAt(99)))
    assert.ok(await isToHeal(await cancelledAt(101, 'change-instance')))
  })
})

test('counts how often an Instance was healed lately, and when last', async () => {
  const { id: instanceId } = await addInstance(db)
  const lately = () => countHealed(db, instanceId, { healKind, since: second(50) })
  assert.deepEqual(await lately(), { times: 0, lastEndedAt: null })
  for (const at of [40, 60, 70]) {
    await addOperation(db, { instanceId, kind: healKind, outcome: 'succeeded', endedAt: second(at) })
  }
  await addOperation(db, { instanceId, kind: healKind, outcome: 'cancelled', endedAt: second(80) })
  await addOperation(db, { instanceId, kind: 'upgrade-instance', outcome: 'succeeded', endedAt: second(90) })
  assert.deepEqual(await lately(), { times: 2, lastEndedAt: second(70) })
})
