import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeStore, start } from '../../../test/harness/rows.ts'
import { AppError, type ErrorKind } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import { millraceItself } from '../../domain/permission.ts'
import type { Once, ServiceContext } from '../context.ts'
import { changeInKafka } from './change-in-kafka.ts'

const instanceId = 'kf-0000000000000000' as InstanceId

test('a repeat is told that it comes again where nobody knows what became of the first, and until it is done', async () => {
  await using store = await makeStore()
  const context = { db: store.db, environmentId: 'env-test', now: () => start } as ServiceContext
  const once: Once = { actor: 'admin', key: 'a-key', requestMarks: ['mark'], now: start }
  const change = { instanceId, actor: millraceItself, once, action: 'group.reset', subject: 'billing' }
  const told: boolean[] = []
  const askAnd = (end: () => Promise<string>) =>
    changeInKafka(context, change, async (isAgain) => {
      told.push(isAgain)
      return await end()
    })
  const fails = (kind: ErrorKind) => askAnd(() => Promise.reject(new AppError(kind, 'Kafka.Some', 'words')))
  for (const kind of ['invalid', 'unavailable', 'bug', 'conflict'] as const) await assert.rejects(fails(kind))
  assert.equal((await askAnd(async () => 'made')).isRepeat, false)
  assert.equal((await askAnd(async () => 'made')).isRepeat, true)
  assert.deepEqual(told, [false, false, true, true, true])
})

for (const [what, code, isUndone] of [
  ['that Kafka refused is written down as failed, and its key is free again', 'Topic.Refused', true],
  [
    'that a node does not show yet is made: its line stands alone, and a repeat does nothing',
    'Kafka.NotSeenYet',
    false,
  ],
] as const) {
  test(`a change ${what}`, async () => {
    await using store = await makeStore()
    const context = { db: store.db, environmentId: 'env-test', now: () => start } as ServiceContext
    const once: Once = { actor: 'admin', key: 'a-key', requestMarks: ['mark'], now: start }
    const change = { instanceId, actor: millraceItself, once, action: 'topic.create', subject: 'orders' }
    await assert.rejects(
      changeInKafka(context, change, async () => {
        throw new AppError('unavailable', code, 'words')
      }),
      { code },
    )
    const rows = await store.db.selectFrom('audit_events').select('action').orderBy('id').execute()
    const failed = isUndone ? ['topic.create-failed'] : []
    assert.deepEqual(
      rows.map(({ action }) => action),
      ['topic.create', ...failed],
    )
    assert.equal((await changeInKafka(context, change, async () => 'made')).isRepeat, !isUndone)
  })
}
