import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeDatabase } from '../../test/harness/database.ts'
import { AppError } from '../domain/errors.ts'
import { claimEnvironment } from './environments.ts'

const now = new Date('2026-01-01T00:00:00Z')
const claim = { id: 'env-a', provider: 'local', providerRoot: '/first', now }

test('every later process is told where the first one keeps the nodes', async () => {
  await using database = await makeDatabase()
  assert.deepEqual(await claimEnvironment(database.db, claim), { providerRoot: '/first' })
  assert.deepEqual(await claimEnvironment(database.db, { ...claim, providerRoot: '/second' }), {
    providerRoot: '/first',
  })
})

test('of two that start together, both are told the same', async () => {
  await using database = await makeDatabase()
  const claims = ['/one', '/two', '/three'].map((providerRoot) =>
    claimEnvironment(database.db, { ...claim, providerRoot }),
  )
  const roots = (await Promise.all(claims)).map(({ providerRoot }) => providerRoot)
  assert.equal(new Set(roots).size, 1)
})

test('an environment keeps its provider; the refusal says what to set', async () => {
  await using database = await makeDatabase()
  await claimEnvironment(database.db, claim)
  await assert.rejects(
    claimEnvironment(database.db, { ...claim, provider: 'simulated' }),
    (error) => error instanceof AppError && /Set MILLRACE_PROVIDER=local/.test(error.message),
  )
  await claimEnvironment(database.db, { ...claim, id: 'env-b', provider: 'simulated' })
})
