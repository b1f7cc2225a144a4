import type { SlotRange, Subnet } from './environment.ts'
import { AppError, type FieldProblem } from './errors.ts'
import type { Network } from './instance.ts'
import type { NodeRole, NodeSlot } from './node.ts'

/** Where the nodes of a new Instance go: spread evenly over its zones, each on a free slot of its zone's subnet. */
export type PlacedNode = NodeSlot & { kafkaId: number; roles: NodeRole[]; zone: string; subnet: string }

/** The first three nodes vote in the controller quorum; more voters would slow every change of metadata. */
export const controllerCount = 3

/** Below this many free addresses a subnet leaves no room to grow. */
export const comfortableFreeSlots = 100

export type PlacementRequest = {
  nodeCount: number
  networks: Network[]
  subnets: Subnet[]
  /** Slots in use, by this environment's nodes or by others, as `slotKey` writes them. */
  taken: ReadonlySet<string>
}

/** Throws `limit` (`Instance.NoFreeAddress`) when a subnet is too small. Networks must be valid: see `networkProblems`. */
export function placementFor({ nodeCount, networks, subnets, taken }: PlacementRequest): PlacedNode[] {
  const used = new Set(taken)
  return Array.from({ length: nodeCount }, (_, index) => {
    const subnet = subnetOf(networks[index % networks.length]!, subnets)
    const slot = firstFreeSlot(subnet, used)
    if (!slot) throw noFreeAddress(subnet, nodeCount)
    used.add(slotKey(slot))
    return { ...slot, kafkaId: index + 1, roles: rolesOf(index), zone: subnet.zone, subnet: subnet.id }
  })
}

export type Growth = Omit<PlacementRequest, 'nodeCount'> & {
  count: number
  /** The nodes there are, those that leave left out. */
  standing: { kafkaId: number; zone: string }[]
  /** The greatest Kafka id of all nodes there are. One that a node had which left is given again. */
  highestId: number
}

/** Where more brokers go: each into the zone that has the fewest nodes. Throws like `placementFor`. */
export function placementOfMore({ count, standing, highestId, networks, subnets, taken }: Growth): PlacedNode[] {
  const used = new Set(taken)
  const zones = standing.map(({ zone }) => zone)
  return Array.from({ length: count }, (_, index) => {
    const fewest = Math.min(...networks.map(({ zone }) => countOf(zones, zone)))
    const subnet = subnetOf(
      networks.find(({ zone }) => countOf(zones, zone) === fewest)!,
      subnets,
    )
    const slot = firstFreeSlot(subnet, used)
    if (!slot) throw noFreeAddress(subnet, count)
    used.add(slotKey(slot))
    zones.push(subnet.zone)
    return { ...slot, kafkaId: highestId + index + 1, roles: ['broker'], zone: subnet.zone, subnet: subnet.id }
  })
}

const countOf = <T>(list: T[], one: T): number => list.filter((each) => each === one).length

/**
 * Which nodes go when there are `count` too many: never a controller, each from the zone that has the most, the newest first.
 * Fewer than asked for when only controllers are left.
 */
export function leaversOf<N extends { kafkaId: number; zone: string; roles: NodeRole[] }>(
  nodes: N[],
  count: number,
): N[] {
  const left = [...nodes]
  const leavers: N[] = []
  while (leavers.length < count) {
    const zones = left.map(({ zone }) => zone)
    const candidates = left.filter(({ roles }) => !roles.includes('controller'))
    const fullest = Math.max(...candidates.map(({ zone }) => countOf(zones, zone)))
    const leaver = candidates
      .filter(({ zone }) => countOf(zones, zone) === fullest)
      .toSorted((a, b) => b.kafkaId - a.kafkaId)[0]
    if (!leaver) return leavers
    leavers.push(leaver)
    left.splice(left.indexOf(leaver), 1)
  }
  return leavers
}

const rolesOf = (index: number): NodeRole[] => (index < controllerCount ? ['broker', 'controller'] : ['broker'])

export const slotKey = (slot: Pick<NodeSlot, 'address' | 'port'>): string => `${slot.address}:${slot.port}`

/** The network's subnet: the one it names, else the only one of its zone. */
function subnetOf(network: Network, subnets: Subnet[]): Subnet {
  const subnet = subnets.find(
    (known) => known.zone === network.zone && (!network.subnet || known.id === network.subnet),
  )
  if (!subnet) throw new AppError('invalid', 'Instance.UnknownSubnet', `Zone ${network.zone} has no such subnet.`)
  return subnet
}

export function slotCount(slots: SlotRange): number {
  return slots.kind === 'addresses' ? slots.count : Math.floor(slots.count / 2)
}

export function slotAt(slots: SlotRange, index: number): NodeSlot {
  if (slots.kind === 'ports') {
    const port = slots.firstPort + index * 2
    return { address: slots.address, port, controllerPort: port + 1 }
  }
  return { address: addressAt(slots.firstAddress, index), port: slots.port, controllerPort: slots.controllerPort }
}

/** IPv4 arithmetic: the address `index` after the first. */
function addressAt(first: string, index: number): string {
  const number = first.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + index
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}

function firstFreeSlot(subnet: Subnet, taken: ReadonlySet<string>): NodeSlot | undefined {
  for (let index = 0; index < slotCount(subnet.slots); index++) {
    const slot = slotAt(subnet.slots, index)
    if (!taken.has(slotKey(slot))) return slot
  }
  return undefined
}

function noFreeAddress(subnet: Subnet, nodeCount: number): AppError {
  return new AppError(
    'limit',
    'Instance.NoFreeAddress',
    `Subnet ${subnet.id} in zone ${subnet.zone} has not enough free addresses for its share of ${nodeCount} nodes. Choose another subnet or a smaller size, or delete an Instance.`,
  )
}

/** Slots of the subnet that are free now. */
export function freeSlots(subnet: Subnet, taken: ReadonlySet<string>): number {
  let free = 0
  for (let index = 0; index < slotCount(subnet.slots); index++) {
    if (!taken.has(slotKey(slotAt(subnet.slots, index)))) free++
  }
  return free
}

/** What is wrong with the networks, each with its field. Empty: nothing. */
export function networkProblems(networks: Network[], subnets: Subnet[]): FieldProblem[] {
  if (networks.length !== 1 && networks.length !== 3) {
    const message = `An Instance lies in one zone or in three; ${networks.length} were given. Two cannot survive the loss of one.`
    return [{ path: 'spec.networks', message }]
  }
  const problems = networks
    .map((network, index) => networkProblem(network, index, subnets))
    .filter((problem) => !!problem)
  if (new Set(networks.map(({ zone }) => zone)).size < networks.length) {
    problems.push({ path: 'spec.networks', message: 'Each zone may be named once only.' })
  }
  return problems
}

function networkProblem(network: Network, index: number, subnets: Subnet[]): FieldProblem | undefined {
  const zones = [...new Set(subnets.map(({ zone }) => zone))]
  if (!zones.includes(network.zone)) {
    const message = `There is no zone "${network.zone}" here; there are ${zones.join(', ')}.`
    return { path: `spec.networks.${index}.zone`, message }
  }
  const inZone = subnets.filter((subnet) => subnet.zone === network.zone).map(({ id }) => id)
  if (!network.subnet || inZone.includes(network.subnet)) return undefined
  const message = `Subnet "${network.subnet}" is not in zone ${network.zone}; there is ${inZone.join(', ')}.`
  return { path: `spec.networks.${index}.subnet`, message }
}
