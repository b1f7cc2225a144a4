import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metricsPortOf } from './metrics-port.ts'
import type { NodeSlot } from './node.ts'
import { slotAt } from './placement.ts'
import { listenerPorts } from './security.ts'

const portsOf = (slot: NodeSlot): string[] => {
  const { internal, others } = listenerPorts(slot)
  return [slot.port, slot.controllerPort, internal, ...others, metricsPortOf(slot)].map(
    (port) => `${slot.address}:${port}`,
  )
}

const assertAllDiffer = (slots: NodeSlot[]) => {
  const ports = slots.flatMap(portsOf)
  assert.equal(new Set(ports).size, ports.length)
}

test('no two nodes with an address of their own meet', () => {
  const subnet = { kind: 'addresses', firstAddress: '127.0.1.1', count: 254, port: 9092, controllerPort: 9093 } as const
  assertAllDiffer(Array.from({ length: 254 }, (_, index) => slotAt(subnet, index)))
})

test('no two nodes on a shared address meet, over three zones', () => {
  const slots = [20_000, 21_000, 22_000].flatMap((firstPort) => {
    const subnet = { kind: 'ports', address: '127.0.0.1', firstPort, count: 500 } as const
    return Array.from({ length: 250 }, (_, index) => slotAt(subnet, index))
  })
  assertAllDiffer(slots)
})
