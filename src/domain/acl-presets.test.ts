import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { WantedBinding } from './acl.ts'
import { presetBindings, presetProblems, type PresetWish } from './acl-presets.ts'

describe('a preset', () => {
  const told = (bindings: WantedBinding[]) =>
    bindings.map(({ resourceType, resourceName, group }) => `${group} ${resourceType} ${resourceName}`)
  const wish = { user: 'svc-orders', topic: 'orders', patternType: 'LITERAL' } as const

  test('makes a producer, also of transactions', () => {
    assert.deepEqual(told(presetBindings({ ...wish, preset: 'producer' })), ['PRODUCE TOPIC orders'])
    const bindings = presetBindings({ ...wish, preset: 'producer', transactionalId: 'tx' })
    const expected = ['PRODUCE TOPIC orders', 'WRITE TRANSACTIONAL_ID tx', 'DESCRIBE TRANSACTIONAL_ID tx']
    assert.deepEqual(told(bindings), expected)
  })

  test('makes a consumer with its group', () => {
    const bindings = presetBindings({ ...wish, preset: 'consumer', group: 'billing' })
    assert.deepEqual(told(bindings), ['CONSUME TOPIC orders', 'READ GROUP billing'])
    assert.deepEqual(presetProblems({ ...wish, preset: 'consumer', group: 'billing' }), [])
  })

  const misused: [string, Partial<PresetWish>, string[]][] = [
    ['nothing named', { user: '', topic: '' }, ['user', 'topic']],
    ['an empty group', { preset: 'consumer', group: '' }, ['group']],
    ['a group for a producer', { group: 'billing' }, ['group']],
    ['a transactional id for a consumer', { preset: 'consumer', transactionalId: 'tx' }, ['transactionalId']],
    ['an asterisk in a prefix', { patternType: 'PREFIXED', topic: '*' }, ['topic']],
    ['a transactional id that nobody sees', { transactionalId: 'a\tb' }, ['transactionalId']],
  ]
  for (const [what, more, fields] of misused) {
    test(`is refused with ${what}, each once at its own field`, () => {
      const problems = presetProblems({ ...wish, preset: 'producer', ...more })
      assert.deepEqual(
        problems.map(({ path }) => path),
        fields,
      )
    })
  }
})
