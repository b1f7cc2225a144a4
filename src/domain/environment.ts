/** What an environment offers to new Instances: its zones, their subnets, its machine types and its limits. */
export type Subnet = {
  id: string
  zone: string
  /** For people: the address range, or the port range where all nodes share an address. */
  range: string
  slots: SlotRange
}

/**
 * The places of a subnet, numbered from 0. `addresses`: one address a node on the standard ports; `ports`: one shared
 * address and two ports a node (macOS has no loopback range).
 */
export type SlotRange =
  | { kind: 'addresses'; firstAddress: string; count: number; port: number; controllerPort: number }
  | { kind: 'ports'; address: string; firstPort: number; count: number }

export type Zone = { id: string }

/** A row of `machine-types.json`: what one node of this type carries and costs. */
export type MachineType = { id: string; akuPerNode: number; memoryMiB: number; heapMiB: number; description: string }

export type Environment = {
  zones: Zone[]
  subnets: Subnet[]
  machineTypes: MachineType[]
  /** Memory that nodes may use in all, in MiB; null where the provider has no such limit. */
  memoryMiB: number | null
  /** Slots that something outside Millrace holds right now, as `address:port`. */
  takenElsewhere: string[]
  /** Settings that begin so are understood by the nodes here, beyond Kafka's own. */
  settingPrefixes?: string[]
}
