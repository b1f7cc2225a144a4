import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { WantedBinding } from './acl.ts'
import { bindingProblems, presetBindings } from './acl-rules.ts'
import { matchingBindings } from './acl-search.ts'

const right: WantedBinding = {
  principal: 'User:svc-orders',
  host: '*',
  permissionType: 'ALLOW',
  resourceType: 'TOPIC',
  resourceName: 'orders',
  patternType: 'LITERAL',
  group: 'PRODUCE',
}
const cluster = { resourceType: 'CLUSTER', resourceName: 'kafka-cluster', group: 'ALL' } as const

describe('an access rule', () => {
  const fine: Partial<WantedBinding>[] = [
    {},
    { group: 'CONSUME', patternType: 'PREFIXED' },
    { resourceName: '*' },
    { group: 'ALTER_CONFIGS' },
    { resourceType: 'GROUP', group: 'READ' },
    { resourceType: 'TRANSACTIONAL_ID', group: 'ALL', permissionType: 'DENY' },
    cluster,
    { ...cluster, group: 'IDEMPOTENT_WRITE' },
  ]
  for (const more of fine)
    test(`may have ${JSON.stringify(more)}`, () => assert.deepEqual(bindingProblems({ ...right, ...more }, 'p'), []))

  const wrong: [string, Partial<WantedBinding>, RegExp][] = [
    ['accessControlParam.user', { principal: 'User:' }, /Name a user/],
    ['accessControlParam.operationGroup', { resourceType: 'GROUP', group: 'CONSUME' }, /ALL or one of READ/],
    ['accessControlParam.operationGroup', { resourceType: 'GROUP', group: 'WRITE' }, /no operation WRITE/],
    ['resourcePatternParam.name', { resourceName: '' }, /Name the resource/],
    ['resourcePatternParam.name', { resourceName: 'orders-*', patternType: 'PREFIXED' }, /asterisk/],
    ['resourcePatternParam.name', { resourceName: '*', patternType: 'PREFIXED' }, /asterisk/],
    ['resourcePatternParam.name', { ...cluster, resourceName: 'my-cluster' }, /kafka-cluster/],
    ['resourcePatternParam.patternType', { ...cluster, patternType: 'PREFIXED' }, /LITERAL/],
  ]
  for (const [field, more, words] of wrong) {
    test(`is refused at ${field} with ${JSON.stringify(more)}`, () => {
      const [problem, ...others] = bindingProblems({ ...right, ...more }, 'params.0')
      assert.deepEqual([problem!.path, others], [`params.0.${field}`, []])
      assert.match(problem!.message, words)
    })
  }
})

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
    assert.deepEqual(
      bindings.flatMap((binding) => bindingProblems(binding, 'p')),
      [],
    )
  })
})

describe('a search', () => {
  const binding = (more: Partial<WantedBinding>) => ({ ...right, ...more, hit: [], miss: [] })
  const all = [
    binding({ resourceName: 'a-orders' }),
    binding({ resourceName: 'orders' }),
    binding({ principal: 'User:svc-orders-2' }),
    binding({ permissionType: 'DENY' }),
    binding({ resourceType: 'GROUP', resourceName: 'orders' }),
  ]

  test('is exact for user, kind and permission, and begins with the very name', () => {
    const question = { user: 'svc-orders', resourceTypes: ['TOPIC' as const], permissionType: 'ALLOW' as const }
    assert.deepEqual(matchingBindings(all, { ...question, nameHolds: 'orders' }), [all[1], all[0]])
    assert.deepEqual(matchingBindings(all, { ...question, nameHolds: 'payments' }), [])
    assert.equal(matchingBindings(all, {}).length, all.length)
  })
})
