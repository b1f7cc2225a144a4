import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { akuLimits, akuProblem, nodeCountProblem, nodesForAku, throughputOf } from './aku.ts'

describe('AKU', () => {
  const table = [
    { aku: 3, perNode: 2, nodes: 3 },
    { aku: 5, perNode: 2, nodes: 3 },
    { aku: 6, perNode: 2, nodes: 3 },
    { aku: 7, perNode: 2, nodes: 4 },
    { aku: 8, perNode: 2, nodes: 4 },
    { aku: 500, perNode: 2, nodes: 250 },
    { aku: 500, perNode: 16, nodes: 32 },
  ]
  for (const { aku, perNode, nodes } of table) {
    test(`${aku} on nodes that carry ${perNode} take ${nodes} nodes`, () =>
      assert.equal(nodesForAku(aku, perNode), nodes))
  }

  test('are always carried, by three nodes at least and none too many', () => {
    const wanted = fc.record({
      aku: fc.integer({ min: akuLimits.least, max: akuLimits.most }),
      perNode: fc.integer({ min: 1, max: 32 }),
    })
    fc.assert(
      fc.property(wanted, ({ aku, perNode }) => {
        const nodes = nodesForAku(aku, perNode)
        assert.ok(nodes >= 3 && nodes * perNode >= aku)
        assert.ok(nodes === 3 || (nodes - 1) * perNode < aku)
      }),
    )
  })

  test('promise 30 MiB/s written or 60 MiB/s read each', () =>
    assert.deepEqual(throughputOf(4), { writeMibPerSecond: 120, readMibPerSecond: 240 }))

  test('are whole numbers from 3 to 500', () => {
    for (const aku of [3, 4, 499, 500]) assert.equal(akuProblem(aku), undefined)
    for (const aku of [2, 0, -3, 501, 3.5, Number.NaN, Infinity])
      assert.equal(akuProblem(aku), `AKU is a whole number from 3 to 500; this is ${aku}.`)
  })

  test('stand beside numbers of nodes from 3 to 100', () => {
    for (const count of [3, 4, 99, 100]) assert.equal(nodeCountProblem(count), undefined)
    for (const count of [2, 0, -3, 101, 3.5, Number.NaN])
      assert.equal(nodeCountProblem(count), `The number of nodes is a whole number from 3 to 100; this is ${count}.`)
  })
})
