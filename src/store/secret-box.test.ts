import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { makeSecretBox } from './secret-box.ts'

const key = randomBytes(32)
const box = makeSecretBox([key])

describe('a sealed secret', () => {
  test('opens as it was', () => assert.equal(box.open(box.seal('wörter & Zeichen', 'a'), 'a'), 'wörter & Zeichen'))

  test('shows nothing of itself, and never looks the same twice', () => {
    const sealed = box.seal('mill-stone', 'a')
    assert.ok(!sealed.includes('mill-stone') && !sealed.includes(Buffer.from('mill-stone').toString('base64url')))
    assert.notEqual(sealed, box.seal('mill-stone', 'a'))
  })

  test('does not open under another owner', () => assert.throws(() => box.open(box.seal('mill-stone', 'a'), 'b')))

  test('does not open when a letter of any part is another', () => {
    const sealed = box.seal('mill-stone', 'a')
    for (const part of [1, 3, 4, 5]) {
      const parts = sealed.split('.')
      parts[part] = (parts[part]!.startsWith('A') ? 'B' : 'A') + parts[part]!.slice(1)
      assert.throws(() => box.open(parts.join('.'), 'a'), `part ${part}`)
    }
  })

  test('does not open when its tag is cut short', () => {
    const parts = box.seal('mill-stone', 'a').split('.')
    parts[5] = Buffer.from(parts[5]!, 'base64url').subarray(0, 4).toString('base64url')
    assert.throws(() => box.open(parts.join('.'), 'a'))
  })

  test('opens with a former key while that is kept, and is told to be old', () => {
    const sealed = box.seal('mill-stone', 'a')
    const next = randomBytes(32)
    const both = makeSecretBox([next, key])
    assert.equal(both.open(sealed, 'a'), 'mill-stone')
    assert.deepEqual([both.isOld(sealed), both.isOld(both.seal('mill-stone', 'a'))], [true, false])
    assert.throws(() => makeSecretBox([next]).open(sealed, 'a'), /is not here/)
  })

  test('marks a text by each key, and tells nothing of it without them', () => {
    const next = randomBytes(32)
    const both = makeSecretBox([next, key])
    assert.deepEqual(both.marksOf('a body'), [...makeSecretBox([next]).marksOf('a body'), ...box.marksOf('a body')])
    assert.notDeepEqual(box.marksOf('a body'), box.marksOf('another'))
    assert.match(box.marksOf('a body')[0], /^[0-9a-f]{64}$/)
  })

  test('is sealed anew wherever it lies in a text, and everything else stays', () => {
    const next = makeSecretBox([randomBytes(32), key])
    const foreign = makeSecretBox([randomBytes(32)]).seal('of another environment', 'c')
    const mine = [box.seal('mill-stone', 'access-key/a'), box.seal('', 'b')]
    const before = { mine, version: 'v1.2.3', foreign, fresh: next.seal('new', 'd') }
    const after = JSON.parse(next.reseal(JSON.stringify(before)))
    assert.deepEqual({ ...after, mine }, before)
    assert.deepEqual(
      after.mine.map((sealed: string) => next.isOld(sealed)),
      [false, false],
    )
    assert.equal(next.open(after.mine[0], 'access-key/a'), 'mill-stone')
    assert.equal(next.open(after.mine[1], 'b'), '')
  })
})
