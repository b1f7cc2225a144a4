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
    for (const part of [1, 2, 3, 4]) {
      const parts = sealed.split('.')
      parts[part] = (parts[part]!.startsWith('A') ? 'B' : 'A') + parts[part]!.slice(1)
      assert.throws(() => box.open(parts.join('.'), 'a'), `part ${part}`)
    }
  })

  test('does not open when its tag is cut short', () => {
    const parts = box.seal('mill-stone', 'a').split('.')
    parts[4] = Buffer.from(parts[4]!, 'base64url').subarray(0, 4).toString('base64url')
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
})
