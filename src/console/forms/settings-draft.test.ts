import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  draftOf,
  errorAt,
  fieldsOf,
  isChanged,
  putBack,
  unfilledIn,
  wantedIn,
  withKey,
  without,
  withValue,
} from './settings-draft.ts'

const present = [
  { key: 'a', value: '1' },
  { key: 'b', value: '2' },
]
const draft = draftOf(present)

describe('the draft of an Instance’s settings', () => {
  it('is no change as it opens, nor when all is put back', () => {
    assert.equal(isChanged(draft), false)
    assert.deepEqual(wantedIn(draft), present)
    assert.equal(isChanged(putBack(without(draft, 'a'), 'a')), false)
    assert.equal(isChanged(withValue(withValue(draft, 'a', '9'), 'a', '1')), false)
    assert.equal(isChanged(without(withKey(draft, 'c'), 'c')), false)
  })

  it('sends what is set, without what was taken away', () => {
    assert.deepEqual(wantedIn(withValue(without(draft, 'a'), 'b', '3')), [{ key: 'b', value: '3' }])
    assert.equal(isChanged(without(draft, 'a')), true)
  })

  it('keeps the row of what is set now, to say that it goes back to the default', () => {
    assert.deepEqual(without(draft, 'a')[0], { key: 'a', value: '1', before: '1', isRemoved: true })
    assert.equal(without(withKey(draft, 'c'), 'c').length, 2)
  })

  it('asks for a value of each new key, and takes an empty one', () => {
    const rows = withKey(draft, 'c')
    assert.equal(unfilledIn(rows), 'c')
    assert.equal(unfilledIn(withValue(rows, 'c', '')), undefined)
    assert.equal(unfilledIn(without(rows, 'c')), undefined)
    assert.equal(isChanged(rows), false)
    assert.deepEqual(wantedIn(rows), present)
  })

  it('has no key twice: one that was taken away comes back', () => {
    assert.deepEqual(withKey(without(draft, 'a'), 'a'), draft)
  })

  it('finds the row of an error by its place in what was sent', () => {
    const rows = withValue(without(withKey(withKey(draft, 'unfilled'), 'c'), 'a'), 'c', '')
    const errors = { 'features.instanceConfigs.0.value': 'of b', 'features.instanceConfigs.1.key': 'of c' }
    assert.equal(errorAt(rows, 'b', errors), 'of b')
    assert.equal(errorAt(rows, 'c', errors), 'of c')
    assert.equal(errorAt(rows, 'a', errors), undefined)
    assert.equal(fieldsOf(rows).length, 4)
  })
})
