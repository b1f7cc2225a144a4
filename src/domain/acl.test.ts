import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  aclGroups,
  aclOperations,
  bindingsFrom,
  entriesOf,
  entriesToRevoke,
  entryKey,
  type AclEntry,
  type AclGroup,
  type AclOperation,
  type AclResourceType,
  type WantedBinding,
} from './acl.ts'

const subject = (resourceType: AclResourceType = 'TOPIC') =>
  ({
    principal: 'User:svc-orders',
    host: '*',
    permissionType: 'ALLOW',
    resourceType,
    resourceName: 'orders',
    patternType: 'LITERAL',
  }) as const

const entries = (operations: AclOperation[], resourceType?: AclResourceType): AclEntry[] =>
  operations.map((operation) => ({ ...subject(resourceType), operation }))

const without = (all: AclEntry[], gone: AclEntry[]) =>
  all.filter((one) => !gone.some((other) => entryKey(one) === entryKey(other)))

describe('the groups that operations make', () => {
  const cases: [AclOperation[], Record<string, [AclOperation[], AclOperation[]]>, AclResourceType?][] = [
    [['ALL'], { ALL: [['ALL'], []] }],
    [['WRITE', 'DESCRIBE', 'CREATE'], { PRODUCE: [['WRITE', 'DESCRIBE', 'CREATE'], []] }],
    [['READ', 'DESCRIBE'], { CONSUME: [['READ', 'DESCRIBE'], []] }],
    [
      ['READ', 'WRITE', 'DESCRIBE', 'CREATE'],
      { PRODUCE: [['WRITE', 'DESCRIBE', 'CREATE'], []], CONSUME: [['READ', 'DESCRIBE'], []] },
    ],
    [['WRITE', 'CREATE'], { PRODUCE: [['WRITE', 'CREATE'], ['DESCRIBE']] }],
    [['WRITE', 'DESCRIBE'], { PRODUCE: [['WRITE', 'DESCRIBE'], ['CREATE']] }],
    [['WRITE'], { WRITE: [['WRITE'], []] }],
    [['READ'], { READ: [['READ'], []] }],
    [['DESCRIBE', 'CREATE'], { DESCRIBE: [['DESCRIBE'], []], CREATE: [['CREATE'], []] }],
    // DESCRIBE is what CONSUME needs; WRITE beside it stands alone.
    [['READ', 'DESCRIBE', 'WRITE'], { CONSUME: [['READ', 'DESCRIBE'], []], WRITE: [['WRITE'], []] }],
    [['ALL', 'READ', 'DESCRIBE'], { ALL: [['ALL'], []], CONSUME: [['READ', 'DESCRIBE'], []] }],
    [['READ', 'DESCRIBE'], { READ: [['READ'], []], DESCRIBE: [['DESCRIBE'], []] }, 'GROUP'],
  ]
  for (const [operations, groups, resourceType] of cases) {
    test(`${operations.join(' + ')} of a ${resourceType ?? 'TOPIC'}: ${Object.keys(groups).join(' and ')}`, () => {
      const found = bindingsFrom(entries(operations.toReversed(), resourceType))
      assert.deepEqual(Object.fromEntries(found.map(({ group, hit, miss }) => [group, [hit, miss]])), groups)
    })
  }

  test('are told apart by everything but the operation', () => {
    const [one] = entries(['READ'])
    const others: AclEntry[] = [
      { ...one!, principal: 'User:other' },
      { ...one!, host: '10.0.0.1' },
      { ...one!, permissionType: 'DENY' },
      { ...one!, resourceType: 'GROUP' },
      { ...one!, resourceName: 'orders-2' },
      { ...one!, patternType: 'PREFIXED' },
    ]
    assert.equal(bindingsFrom([one!, ...others]).length, 7)
    assert.deepEqual(bindingsFrom([one!, ...others]), bindingsFrom([one!, ...others].toReversed()))
  })
})

describe('taking a group away', () => {
  const cases: [AclGroup, AclOperation[], AclOperation[]][] = [
    ['PRODUCE', ['WRITE', 'DESCRIBE', 'CREATE'], []],
    ['PRODUCE', ['READ', 'WRITE', 'DESCRIBE', 'CREATE'], ['READ', 'DESCRIBE']],
    ['CONSUME', ['READ', 'WRITE', 'DESCRIBE', 'CREATE'], ['WRITE', 'DESCRIBE', 'CREATE']],
    ['ALL', ['ALL', 'READ', 'DESCRIBE'], ['READ', 'DESCRIBE']],
    // What somebody else has left of it goes too.
    ['PRODUCE', ['WRITE'], []],
    ['PRODUCE', ['WRITE', 'CREATE'], []],
    // Without what makes the group, what is there was meant for itself.
    ['CONSUME', ['DESCRIBE'], ['DESCRIBE']],
    // An operation that is named goes, also out of a group that is whole or that two single grants look like.
    ['WRITE', ['WRITE', 'DESCRIBE', 'CREATE'], ['DESCRIBE', 'CREATE']],
    ['WRITE', ['WRITE', 'DESCRIBE'], ['DESCRIBE']],
    ['DESCRIBE', ['READ', 'WRITE', 'DESCRIBE', 'CREATE'], ['READ', 'WRITE', 'CREATE']],
    ['ALTER', ['ALTER', 'READ'], ['READ']],
    ['READ', [], []],
  ]
  for (const [group, before, after] of cases) {
    test(`${group} of ${before.join(' + ') || 'nothing'} leaves ${after.join(' + ') || 'nothing'}`, () => {
      const present = entries(before)
      const gone = entriesToRevoke({ ...subject(), group }, present)
      assert.deepEqual(
        without(present, gone).map(({ operation }) => operation),
        after,
      )
    })
  }

  test('leaves every other rule as it was', () => {
    const present = [...entries(['READ', 'DESCRIBE']), ...entries(['READ', 'DESCRIBE'], 'GROUP')]
    const gone = entriesToRevoke({ ...subject(), group: 'CONSUME' }, present)
    assert.deepEqual(without(present, gone), entries(['READ', 'DESCRIBE'], 'GROUP'))
  })
})

test('a group that was given is shown under its name, whatever else is there, and is gone once it is taken away', () => {
  const someGroups = fc.uniqueArray(fc.constantFrom('PRODUCE' as const, 'CONSUME' as const, 'ALL' as const), {
    minLength: 1,
  })
  fc.assert(
    fc.property(someGroups, (groups) => {
      const wanted = groups.map((group): WantedBinding => ({ ...subject(), group }))
      let present = [...new Set(wanted.flatMap(entriesOf).map((entry) => entry.operation))].flatMap((one) =>
        entries([one]),
      )
      for (const [index, binding] of wanted.entries()) {
        const names = bindingsFrom(present).map(({ group }) => group)
        assert.deepEqual(names.toSorted(), groups.slice(index).toSorted())
        present = without(present, entriesToRevoke(binding, present))
      }
      assert.deepEqual(present, [])
    }),
  )
})

test('an operation that is taken away by its name is there no more, whatever else is', () => {
  const operations = fc.uniqueArray(fc.constantFrom(...aclOperations), { minLength: 1 })
  fc.assert(
    fc.property(operations, ([named, ...others]) => {
      const present = entries([named!, ...others])
      const left = without(present, entriesToRevoke({ ...subject(), group: named! }, present))
      assert.deepEqual(left, entries(others))
    }),
  )
})

test('every group has a name of its own', () => assert.equal(new Set(aclGroups).size, aclGroups.length))
