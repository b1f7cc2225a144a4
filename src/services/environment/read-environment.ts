import { akuLimits } from '../../domain/aku.ts'
import type { Environment, Subnet } from '../../domain/environment.ts'
import { slotCount } from '../../domain/placement.ts'
import { countNodesBySubnet } from '../../store/nodes.ts'
import type { ServiceContext } from '../context.ts'

export type SubnetUse = { id: string; zone: string; range: string; used: number; free: number; capacity: number }

export type EnvironmentReading = {
  environment: Environment
  subnets: SubnetUse[]
  limits: {
    leastAku: number
    mostAku: number
    /** How many more nodes this environment's memory carries; null where there is no limit. */
    mostNodesNow: number | null
    memoryMiB: number | null
    memoryUsedMiB: number
  }
}

/** What the environment offers and how much of it is taken: by rows, never by walking addresses. */
export async function readEnvironment({
  db,
  environmentId,
  describeEnvironment,
}: ServiceContext): Promise<EnvironmentReading> {
  const [environment, counts] = await Promise.all([describeEnvironment(), countNodesBySubnet(db, environmentId)])
  const subnets = environment.subnets.map((subnet) =>
    useOf(subnet, counts.get(subnet.id) ?? 0, environment.takenElsewhere),
  )
  const nodes = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const memoryPerNode = environment.machineTypes[0]?.memoryMiB ?? 0
  const memoryUsedMiB = nodes * memoryPerNode
  const { memoryMiB } = environment
  const mostNodesNow = memoryMiB === null ? null : Math.max(0, Math.floor((memoryMiB - memoryUsedMiB) / memoryPerNode))
  return {
    environment,
    subnets,
    limits: { leastAku: akuLimits.least, mostAku: akuLimits.most, mostNodesNow, memoryMiB, memoryUsedMiB },
  }
}

function useOf(subnet: Subnet, nodes: number, takenElsewhere: string[]): SubnetUse {
  const capacity = slotCount(subnet.slots)
  const { id, zone, range } = subnet
  const foreign = takenElsewhere.filter((slot) => isIn(subnet, slot)).length
  const used = Math.min(capacity, nodes + foreign)
  return { id, zone, range, used, free: capacity - used, capacity }
}

/** `address:port`; the subnets of one environment differ in their first three numbers, or share one address by ports. */
function isIn({ slots }: Subnet, slot: string): boolean {
  const [address, port] = slot.split(':') as [string, string]
  if (slots.kind === 'addresses') return address.startsWith(slots.firstAddress.replace(/\d+$/, ''))
  return address === slots.address && Number(port) >= slots.firstPort && Number(port) < slots.firstPort + slots.count
}
