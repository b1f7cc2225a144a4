import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { changeKindOf, targetOf, type ChangeKind, type ChangeWish } from './change.ts'
import type { InstanceTarget } from './instance.ts'

const networks = [{ zone: 'a' }]
const settings = [
  { key: 'a', value: '1' },
  { key: 'b', value: '2' },
]
const inAku: InstanceTarget = {
  version: '4.2.1',
  spec: { reservedAku: 6, networks },
  features: { instanceConfigs: settings },
}
const inNodes: InstanceTarget = { ...inAku, spec: { pricingMode: 'UsageBased', reservedNodeCount: 4, networks } }

describe('a change', () => {
  const table: [wish: ChangeWish, kind: ChangeKind | null][] = [
    [{}, null],
    [{ version: '4.2.1' }, null],
    [{ version: '4.3.1' }, 'upgrade-instance'],
    [{ instanceConfigs: settings.toReversed() }, null],
    [{ instanceConfigs: [] }, 'reconfigure-instance'],
    [{ restart: 'all' }, 'restart-instance'],
    [{ version: '4.3.1', instanceConfigs: [] }, 'change-instance'],
  ]
  for (const [wish, kind] of table) {
    test(`to ${JSON.stringify(wish)} is ${kind ?? 'none'}, whatever is counted`, () => {
      for (const instance of [inAku, inNodes]) assert.equal(changeKindOf(instance, wish), kind)
    })
  }

  const sizes: [instance: InstanceTarget, wish: ChangeWish, kind: ChangeKind | null][] = [
    [inAku, { reservedAku: 6 }, null],
    [inAku, { reservedAku: 8 }, 'resize-instance'],
    [inNodes, { reservedNodeCount: 4 }, null],
    [inNodes, { reservedNodeCount: 5 }, 'resize-instance'],
    [inNodes, { reservedNodeCount: 5, version: '4.3.1' }, 'change-instance'],
    // The public client says 0 of the unit that is not counted in.
    [inNodes, { reservedAku: 0 }, null],
  ]
  for (const [instance, wish, kind] of sizes) {
    test(`of ${JSON.stringify(instance.spec)} to ${JSON.stringify(wish)} is ${kind ?? 'none'}`, () =>
      assert.equal(changeKindOf(instance, wish), kind))
  }

  test('leaves alone what it does not name, and never puts a second size beside the first', () => {
    assert.deepEqual(targetOf(inAku, {}), inAku)
    assert.deepEqual(targetOf(inAku, { reservedAku: 8 }).spec, { reservedAku: 8, networks })
    const both = targetOf(inNodes, { reservedNodeCount: 5, reservedAku: 0 })
    assert.deepEqual(both.spec, { ...inNodes.spec, reservedNodeCount: 5 })
  })
})
