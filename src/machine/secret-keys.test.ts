import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readSecretKeys } from './secret-keys.ts'

const one = Buffer.alloc(32, 1)
const two = Buffer.alloc(32, 2)

describe('the keys of secrets', () => {
  let home: string
  before(async () => void (home = await mkdtemp(join(tmpdir(), 'millrace-keys-'))))
  after(() => rm(home, { recursive: true }))

  test('are made at the first start, for their owner alone, and stay', async () => {
    const [made, ...more] = await readSecretKeys(home, undefined)
    assert.deepEqual([made!.length, more], [32, []])
    assert.equal((await stat(join(home, 'secret.key'))).mode & 0o777, 0o600)
    assert.deepEqual(await readSecretKeys(home, undefined), [made])
  })

  test('are read one a line from the file, the one in use first', async () => {
    await writeFile(join(home, 'secret.key'), `${two.toString('base64')}\n${one.toString('base64')}\n`)
    assert.deepEqual(await readSecretKeys(home, undefined), [two, one])
  })

  test('are those of the setting where there is one', async () => {
    const setting = [one, two].map((key) => key.toString('base64')).join(',')
    assert.deepEqual(await readSecretKeys(home, setting), [one, two])
  })

  test('are refused when others may read the file', async () => {
    await chmod(join(home, 'secret.key'), 0o640)
    await assert.rejects(readSecretKeys(home, undefined), /Others may read .*secret\.key/)
    await chmod(join(home, 'secret.key'), 0o600)
  })

  for (const [what, setting] of [
    ['too short', 'c2hvcnQ='],
    ['none at all', ','],
    ['one of two too short', `${one.toString('base64')},c2hvcnQ=`],
  ] as const) {
    test(`are refused without being repeated: ${what}`, async () => {
      await assert.rejects(readSecretKeys(home, setting), (thrown: Error) => {
        assert.match(thrown.message, /^MILLRACE_SECRET_KEY is wrong: a key has 32 bytes in Base64/)
        assert.ok(!thrown.message.includes('c2hvcnQ'))
        return true
      })
    })
  }
})
