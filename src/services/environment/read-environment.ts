import { akuLimits } from '../../domain/aku.ts'
import type { Environment, Subnet } from '../../domain/environment.ts'
import type { InstanceId } from '../../domain/id.ts'
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

/**
 * What the environment offers and how much of it is taken: by rows, never by walking addresses. To who is kept to `only` these
 * Instances, what else stands there is no part of it: what is free is so for everybody, what is taken is theirs.
 */
export async function readEnvironment(
  { db, environmentId, describeEnvironment }: ServiceContext,
  only?: readonly InstanceId[],
): Promise<EnvironmentReading> {
  const [environment, all, shown] = await Promise.all([
    describeEnvironment(),
    countNodesBySubnet(db, environmentId),
    only && countNodesBySubnet(db, environmentId, only),
  ])
  const subnets = environment.subnets.map((subnet) => {
    const use = useOf(subnet, all.get(subnet.id) ?? 0, environment.takenElsewhere)
    if (!shown) return use
    const used = shown.get(subnet.id) ?? 0
    return { ...use, used, capacity: used + use.free }
  })
  return { environment, subnets, limits: limitsOf(environment, sumOf(all), sumOf(shown ?? all)) }
}

const sumOf = (counts: Map<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0)

function limitsOf(environment: Environment, nodes: number, shown: number): EnvironmentReading['limits'] {
  const memoryPerNode = environment.machineTypes[0]?.memoryMiB ?? 0
  const others = (nodes - shown) * memoryPerNode
  const memoryUsedMiB = shown * memoryPerNode
  const memoryMiB = environment.memoryMiB === null ? null : Math.max(0, environment.memoryMiB - others)
  const mostNodesNow = memoryMiB === null ? null : Math.max(0, Math.floor((memoryMiB - memoryUsedMiB) / memoryPerNode))
  return { leastAku: akuLimits.least, mostAku: akuLimits.most, mostNodesNow, memoryMiB, memoryUsedMiB }
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
