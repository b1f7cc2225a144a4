import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { capacityProblems, sizeField, sizeOf, sizeProblems, type Capacity } from './capacity.ts'

const machineTypes = [{ id: 'local.small' }]
const usage = { pricingMode: 'UsageBased', nodeConfig: { instanceTypes: ['local.small'] } }

describe('what an Instance reserves', () => {
  const right: Capacity[] = [
    { reservedAku: 3 },
    { reservedAku: 500, pricingMode: 'SubscriptionBased' },
    { reservedAku: 6, reservedNodeCount: 0 },
    { reservedAku: 6, nodeConfig: { instanceTypes: ['local.small'] } },
    { reservedAku: 6, nodeConfig: { instanceTypes: [] } },
    { ...usage, reservedNodeCount: 3 },
    { ...usage, reservedNodeCount: 100, reservedAku: 0 },
  ]
  for (const spec of right) {
    test(`is right as ${JSON.stringify(spec)}`, () => assert.deepEqual(capacityProblems(spec, machineTypes), []))
  }

  const types = 'spec.nodeConfig.instanceTypes'
  const wrong: [spec: Capacity, path: string, says: RegExp][] = [
    [{}, 'spec.reservedAku', /Say how many AKU/],
    [{ reservedAku: 501 }, 'spec.reservedAku', /from 3 to 500; this is 501/],
    [{ reservedAku: 3, reservedNodeCount: 3 }, 'spec.reservedNodeCount', /counts AKU/],
    [{ reservedAku: 3, pricingMode: '' }, 'spec.pricingMode', /no pricing mode ""/],
    [{ reservedAku: 3, pricingMode: 'usagebased' }, 'spec.pricingMode', /UsageBased, which counts nodes/],
    [{ ...usage }, 'spec.reservedNodeCount', /Say how many nodes/],
    [{ ...usage, reservedNodeCount: 101 }, 'spec.reservedNodeCount', /from 3 to 100; this is 101/],
    [{ ...usage, reservedNodeCount: 3, reservedAku: 6 }, 'spec.reservedAku', /counts nodes, and no AKU/],
    [{ pricingMode: 'UsageBased', reservedNodeCount: 3 }, types, /name it; there is local\.small/],
    [{ reservedAku: 3, nodeConfig: { instanceTypes: ['m7g'] } }, types, /no instance type "m7g" here/],
    [{ reservedAku: 3, nodeConfig: { instanceTypes: ['local.small', 'local.small'] } }, types, /Name one/],
  ]
  for (const [spec, path, says] of wrong) {
    test(`is wrong as ${JSON.stringify(spec)}`, () => {
      const [problem, ...others] = capacityProblems(spec, machineTypes)
      assert.equal(problem?.path, path)
      assert.match(problem.message, says)
      assert.deepEqual(others, [])
    })
  }
})

describe('a new size', () => {
  test('is asked of the unit that the Instance counts in, and 0 of the other says nothing', () => {
    const sizes = fc.record({
      isUsage: fc.boolean(),
      own: fc.integer({ min: -5, max: 600 }),
      other: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
    })
    fc.assert(
      fc.property(sizes, ({ isUsage, own, other }) => {
        const counts = isUsage ? { pricingMode: 'UsageBased' } : {}
        const field = sizeField(counts)
        const [ownSize, otherSize] = isUsage
          ? [{ reservedNodeCount: own }, { reservedAku: other }]
          : [{ reservedAku: own }, { reservedNodeCount: other }]
        assert.ok(field in ownSize)
        const paths = sizeProblems(counts, { ...ownSize, ...otherSize }).map(({ path }) => path)
        const isRight = own >= 3 && own <= (isUsage ? 100 : 500)
        assert.equal(paths.includes(`spec.${field}`), !isRight)
        assert.equal(paths.length, (isRight ? 0 : 1) + (other ? 1 : 0))
      }),
    )
  })

  test('that is not given stays as it is', () => assert.deepEqual(sizeProblems({}, {}), []))

  test('is compared in the own unit', () => {
    assert.equal(sizeOf({ reservedAku: 7 }), 7)
    assert.equal(sizeOf({ ...usage, reservedNodeCount: 4 }), 4)
    assert.equal(sizeOf(usage), 0)
  })
})
