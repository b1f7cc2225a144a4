import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import { machineTrouble } from './machine-trouble.ts'

describe('trouble of this machine', () => {
  test(
    'says that the disk is full, where, and what to do, and is tried again',
    { skip: process.platform !== 'linux' },
    async () => {
      const thrown: unknown = await writeFile('/dev/full', 'more than it takes').catch((error: unknown) => error)
      const told = machineTrouble(thrown)
      assert.ok(told instanceof AppError)
      assert.deepEqual([told.kind, told.cause], ['unavailable', thrown])
      assert.match(told.message, /^The disk of the nodes is full.*\. Make room on it\.$/)
    },
  )

  for (const code of ['EDQUOT', 'EROFS', 'EACCES', 'ENOMEM']) {
    test(`says what ${code} means`, () => {
      const told = machineTrouble(Object.assign(new Error(code), { code, path: '/nodes/2' }))
      assert.ok(told instanceof AppError && told.kind === 'unavailable')
      assert.match(told.message, /^[A-Z].* \(\/nodes\/2\)\. [A-Z].*\.$/)
      assert.ok(!told.message.includes(code))
    })
  }

  test('leaves everything else what it is', () => {
    for (const thrown of [new Error('no'), new AppError('conflict', 'Lease.Overtaken', 'no'), 'no', undefined])
      assert.equal(machineTrouble(thrown), thrown)
  })
})
