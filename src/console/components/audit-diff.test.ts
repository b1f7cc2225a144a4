import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diffLines } from './audit-diff.ts'

describe('before and after', () => {
  it('puts what changed first', () => {
    const lines = diffLines({ role: 'viewer', isDisabled: false }, { role: 'viewer', isDisabled: true })
    assert.deepEqual(lines, [
      { field: 'isDisabled', before: 'false', after: 'true', isChanged: true },
      { field: 'role', before: 'viewer', after: 'viewer', isChanged: false },
    ])
  })

  it('takes what a change does not name for unchanged', () => {
    const lines = diffLines({ name: 'orders', state: 'Running' }, { name: 'payments' })
    assert.deepEqual(
      lines.map(({ field, isChanged }) => [field, isChanged]),
      [
        ['name', true],
        ['state', false],
      ],
    )
  })

  it('holds the wish of a change against how the Instance was', () => {
    const after = { wish: { reservedAku: 6 }, options: { soakSeconds: 60 } }
    const [first] = diffLines({ reservedAku: 3, state: 'Running' }, after)
    assert.deepEqual(first, { field: 'reservedAku', before: '3', after: '6', isChanged: true })
  })

  it('tells settings and tags apart by their names, in whatever order', () => {
    const setting = (key: string, value: string) => ({ key, value })
    const before = { configs: [setting('a', '1'), setting('b', '2')] }
    const after = { configs: [setting('b', '3'), setting('a', '1')] }
    assert.deepEqual(diffLines(before, after)[0], { field: 'configs.b', before: '2', after: '3', isChanged: true })
  })

  it('has one side only of what was made or taken away', () => {
    assert.deepEqual(diffLines(null, { spec: { zones: ['a', 'b'] } }), [
      { field: 'spec.zones.1', before: undefined, after: 'a', isChanged: true },
      { field: 'spec.zones.2', before: undefined, after: 'b', isChanged: true },
    ])
    assert.equal(diffLines({ role: 'viewer' }, undefined)[0]?.after, undefined)
    assert.deepEqual(diffLines(null, null), [])
  })
})
