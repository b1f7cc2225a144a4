import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'kysely'
import { makeStore } from '../../test/harness/rows.ts'
import { databaseTrouble } from './database-trouble.ts'
import { openDatabase } from './database.ts'

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => assert.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  )

describe('trouble that passes, so that callers try again', () => {
  test('is a server that is not there', async () => {
    const db = openDatabase({ host: '/nowhere', user: 'nobody' })
    const trouble = databaseTrouble(await thrownBy(sql`select 1`.execute(db)))
    await db.destroy()
    assert.equal(trouble?.kind, 'unavailable')
    assert.equal(trouble.code, 'Database.Unavailable')
    assert.ok(!trouble.message.includes('nowhere'))
  })

  test('is a connection that the server has ended', async () => {
    await using store = await makeStore()
    const ending = sql`select pg_terminate_backend(pg_backend_pid())`.execute(store.db)
    assert.equal(databaseTrouble(await thrownBy(ending))?.kind, 'unavailable')
  })

  test('is a transaction that must be begun again', async () => {
    await using store = await makeStore()
    const raise = sql`do $$ begin raise exception using errcode = '40P01'; end $$`.execute(store.db)
    assert.equal(databaseTrouble(await thrownBy(raise))?.kind, 'unavailable')
  })
})

describe('no trouble of the database', () => {
  test('is a wrong statement of ours', async () => {
    await using store = await makeStore()
    assert.equal(databaseTrouble(await thrownBy(sql`select nonsense`.execute(store.db))), undefined)
  })

  for (const thrown of [new Error('no'), new TypeError('x is undefined'), 'words', null, undefined]) {
    test(`is ${String(thrown)}`, () => assert.equal(databaseTrouble(thrown), undefined))
  }
})
