import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localSubnets, memoryForNodes, takenIn } from './local-environment.ts'

const gibibyte = 1024 ** 3

test('gives each zone of a Linux machine a range of addresses', () => {
  const subnets = localSubnets('linux')
  assert.deepEqual(
    subnets.map(({ id, zone, range }) => [id, zone, range]),
    [
      ['subnet-local-a', 'local-a', '127.0.1.0/24'],
      ['subnet-local-b', 'local-b', '127.0.2.0/24'],
      ['subnet-local-c', 'local-c', '127.0.3.0/24'],
    ],
  )
  const slots = { kind: 'addresses', firstAddress: '127.0.2.1', count: 254, port: 9092, controllerPort: 9093 }
  assert.deepEqual(subnets[1]!.slots, slots)
})

test('gives each zone elsewhere its own ports, none of them for outgoing connections', () => {
  for (const { slots } of localSubnets('darwin')) {
    assert.ok(slots.kind === 'ports' && slots.address === '127.0.0.1')
    assert.ok(slots.firstPort + slots.count < 32_768)
  }
})

test('finds the slots that others listen on, by either port, and leaves out our own', () => {
  const [subnet] = localSubnets('linux')
  const listeners = [
    { address: '127.0.1.1', port: 9092 },
    { address: '127.0.1.2', port: 9093 },
    { address: '127.0.1.3', port: 9092 },
    { address: '127.0.1.4', port: 8080 },
  ]
  assert.deepEqual(takenIn(subnet!, listeners, new Set(['127.0.1.3:9092'])), ['127.0.1.1:9092', '127.0.1.2:9092'])
})

test('counts every slot as taken when something listens on all addresses', () => {
  const [subnet] = localSubnets('linux')
  assert.equal(takenIn(subnet!, [{ address: '*', port: 9092 }], new Set()).length, 254)
})

test('keeps a reserve of memory and respects a limit on us', () => {
  assert.equal(memoryForNodes(24 * gibibyte, 0), 20 * 1024)
  assert.equal(memoryForNodes(24 * gibibyte, 8 * gibibyte), 6 * 1024)
  assert.equal(memoryForNodes(2 * gibibyte, 2 ** 63), 1024)
  assert.equal(memoryForNodes(gibibyte / 2, 0), 0)
})
