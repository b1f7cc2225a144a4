import { totalmem } from 'node:os'
import type { Environment, MachineType, Subnet } from '../../domain/environment.ts'
import type { NodeSlot } from '../../domain/node.ts'
import { slotAt, slotCount } from '../../domain/placement.ts'
import { listListeners, listenersOn } from './listeners.ts'
import type { Listener } from './listeners.ts'
import { listInstanceIds, listKafkaIds } from './node-folder.ts'
import { readRecord } from './node-record.ts'

/**
 * This machine as an environment: three simulated zones with a subnet each. Linux answers on all of 127.0.0.0/8, so every node gets
 * an address of its own there; elsewhere nodes share 127.0.0.1 and differ by port.
 */
export async function describeLocalEnvironment(home: string, machineTypes: MachineType[]): Promise<Environment> {
  const subnets = localSubnets(process.platform)
  const [listeners, ours] = await Promise.all([listListeners(), ownSlots(home)])
  return {
    zones: subnets.map(({ zone }) => ({ id: zone })),
    subnets,
    machineTypes,
    memoryMiB: memoryForNodes(totalmem(), process.constrainedMemory()),
    takenElsewhere: subnets.flatMap((subnet) => takenIn(subnet, listeners, ours)),
  }
}

const zoneLetters = ['a', 'b', 'c']

export function localSubnets(platform: NodeJS.Platform): Subnet[] {
  return zoneLetters.map((letter, index) => {
    const place = platform === 'linux' ? loopbackRange(index + 1) : portRange(20_000 + index * 1_000)
    return { id: `subnet-local-${letter}`, zone: `local-${letter}`, ...place }
  })
}

function loopbackRange(third: number): Pick<Subnet, 'range' | 'slots'> {
  const firstAddress = `127.0.${third}.1`
  const slots = { kind: 'addresses', firstAddress, count: 254, port: 9092, controllerPort: 9093 } as const
  return { range: `127.0.${third}.0/24`, slots }
}

/** Below the ports that the system gives to outgoing connections, which would now and then hold one of ours. */
function portRange(firstPort: number): Pick<Subnet, 'range' | 'slots'> {
  const count = 500
  const slots = { kind: 'ports', address: '127.0.0.1', firstPort, count } as const
  return { range: `127.0.0.1:${firstPort}-${firstPort + count - 1}`, slots }
}

const mebibyte = 1024 * 1024

/** A quarter of the memory, but from 1 to 4 GiB, stays for the system, Millrace and its database. */
export function memoryForNodes(totalBytes: number, constrainedBytes: number): number {
  const bytes = constrainedBytes > 0 ? Math.min(totalBytes, constrainedBytes) : totalBytes
  const wholeMiB = Math.floor(bytes / mebibyte)
  return Math.max(0, wholeMiB - Math.min(4096, Math.max(1024, Math.floor(wholeMiB / 4))))
}

/** Slots of the subnet on which something listens that is no node of this home. */
export function takenIn(subnet: Subnet, listeners: Listener[], ours: ReadonlySet<string>): string[] {
  const slots = Array.from({ length: slotCount(subnet.slots) }, (_, index) => slotAt(subnet.slots, index))
  const isTaken = ({ address, port, controllerPort }: NodeSlot) =>
    [port, controllerPort].some((one) => listenersOn(listeners, address, one).length > 0)
  const taken = slots.filter((slot) => isTaken(slot)).map(({ address, port }) => `${address}:${port}`)
  return taken.filter((key) => !ours.has(key))
}

/** Slots written down for the nodes of this home. */
async function ownSlots(home: string): Promise<Set<string>> {
  const instanceIds = await listInstanceIds(home)
  const records = await Promise.all(
    instanceIds.map(async (instanceId) => {
      const kafkaIds = await listKafkaIds(home, instanceId)
      return Promise.all(kafkaIds.map((kafkaId) => readRecord({ home, instanceId, kafkaId })))
    }),
  )
  return new Set(records.flat().flatMap((record) => (record ? `${record.spec.address}:${record.spec.port}` : [])))
}
