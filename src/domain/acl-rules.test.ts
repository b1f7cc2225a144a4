import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { WantedBinding } from './acl.ts'
import { bindingProblems, twiceProblems } from './acl-rules.ts'
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
    { principal: 'User:*' },
    { principal: 'User:*.example.com' },
    { principal: 'User:CN=Größe, O=a:b' },
    { host: '255.10.0.7' },
    { host: '2001:db8:0:0:0:0:0:7' },
    { host: 'fe80:0:0:0:1:2:3:4%eth0' },
    { resourceType: 'GROUP', group: 'READ', resourceName: 'billing of März/2026' },
  ]
  for (const more of fine)
    test(`may have ${JSON.stringify(more)}`, () => assert.deepEqual(bindingProblems({ ...right, ...more }, 'p'), []))

  const wrong: [string, Partial<WantedBinding>, RegExp][] = [
    ['accessControlParam.user', { principal: 'User:' }, /Name a user/],
    ['accessControlParam.user', { principal: 'User:User:svc-orders' }, /without "User:"/],
    ['accessControlParam.user', { principal: 'User:svc-*' }, /asterisk/],
    ['accessControlParam.user', { principal: 'User: svc-orders' }, /spaces/],
    ['accessControlParam.user', { principal: 'User:svc\u0007orders' }, /control/],
    ['accessControlParam.user', { principal: 'User:svc\u202eorders' }, /control/],
    ['accessControlParam.user', { principal: `User:${'x'.repeat(257)}` }, /256/],
    ['accessControlParam.host', { host: 'host.example.com' }, /address/],
    ['accessControlParam.host', { host: '10.0.0.0/8' }, /address/],
    ['accessControlParam.host', { host: '10.0.0.256' }, /address/],
    ['accessControlParam.host', { host: '2001:db8::7' }, /address/],
    ['accessControlParam.operationGroup', { resourceType: 'GROUP', group: 'CONSUME' }, /ALL or one of READ/],
    ['accessControlParam.operationGroup', { resourceType: 'GROUP', group: 'WRITE' }, /no operation WRITE/],
    ['resourcePatternParam.name', { resourceName: '' }, /Name the resource/],
    ['resourcePatternParam.name', { resourceName: 'orders-*', patternType: 'PREFIXED' }, /asterisk/],
    ['resourcePatternParam.name', { resourceName: '*', patternType: 'PREFIXED' }, /asterisk/],
    ['resourcePatternParam.name', { resourceName: 'orders 2' }, /letters, digits/],
    ['resourcePatternParam.name', { resourceType: 'GROUP', group: 'READ', resourceName: 'a\nb' }, /control/],
    ['resourcePatternParam.name', { resourceName: 'x'.repeat(250) }, /249/],
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

describe('a batch of rules', () => {
  test('names the second of two that are the same, and no two that only share an operation', () => {
    const others = [right, { ...right, group: 'CONSUME' as const }, { ...right, host: '10.0.0.7' }]
    assert.deepEqual(twiceProblems(others), [])
    const [problem, ...more] = twiceProblems([...others, { ...right }])
    assert.deepEqual([problem!.path, more], ['params.3', []])
    assert.match(problem!.message, /params\.0/)
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
