import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { grantWords } from '../components/acl-words.ts'
import { aclProblems, bindingsOf, emptyAcl, withResourceType, type AclDraft } from './acl-draft.ts'

const draft = (chosen: Partial<AclDraft>): AclDraft => ({ ...emptyAcl('svc-orders'), ...chosen })
const rules = (chosen: Partial<AclDraft>) => bindingsOf(draft(chosen)).map(grantWords)

describe('the draft of access rules', () => {
  const cases: [string, Partial<AclDraft>, string[]][] = [
    ['a producer', { name: 'orders' }, ['PRODUCE on topic orders']],
    [
      'a producer in transactions, of many topics',
      { name: 'team-', pattern: 'PREFIXED', transactionalId: 'tx-1' },
      [
        'PRODUCE on topics that begin with team-',
        'WRITE on transactional id tx-1',
        'DESCRIBE on transactional id tx-1',
      ],
    ],
    [
      'a consumer of all topics in one group',
      { kind: 'consumer', pattern: 'any', group: 'billing' },
      ['CONSUME on all topics', 'READ on consumer group billing'],
    ],
    [
      'a consumer in any group of a prefix',
      { kind: 'consumer', name: 'orders', group: 'bill-', groupPattern: 'PREFIXED' },
      ['CONSUME on topic orders', 'READ on consumer groups that begin with bill-'],
    ],
    [
      'a single denial',
      { kind: 'single', name: 'orders', operation: 'WRITE', permission: 'DENY', host: '10.0.0.7' },
      ['not WRITE on topic orders, from 10.0.0.7'],
    ],
    [
      'a rule on the cluster, which has one name',
      { kind: 'single', name: 'whatever', pattern: 'any', resourceType: 'CLUSTER', operation: 'ALTER' },
      ['ALTER on the cluster'],
    ],
  ]
  for (const [name, chosen, expected] of cases) it(`makes ${name}`, () => assert.deepEqual(rules(chosen), expected))

  it('names what is missing at its field', () => {
    assert.deepEqual(Object.keys(aclProblems(draft({ user: '' }))), ['user', 'name'])
    assert.deepEqual(Object.keys(aclProblems(draft({ kind: 'consumer', name: 'orders' }))), ['group'])
    assert.deepEqual(Object.keys(aclProblems(draft({ name: 'ord*' }))), ['name'])
    assert.deepEqual(Object.keys(aclProblems(draft({ kind: 'single', name: 'orders', host: 'here' }))), ['host'])
    assert.deepEqual(aclProblems(draft({ kind: 'consumer', name: 'orders', groupPattern: 'any' })), {})
  })

  it('has an operation that its resource knows', () => {
    assert.equal(withResourceType(draft({ operation: 'WRITE' }), 'GROUP').operation, 'ALL')
    assert.equal(withResourceType(draft({ operation: 'READ' }), 'GROUP').operation, 'READ')
    assert.equal(withResourceType(draft({ pattern: 'PREFIXED' }), 'CLUSTER').pattern, 'LITERAL')
  })
})
