import type { Environment, MachineType, Subnet } from '../../domain/environment.ts'

/** Three zones with a subnet of 65,534 addresses each: room for ten thousand Instances and more. No limit of memory. */
export const simulatedEnvironment = (machineTypes: MachineType[]): Environment => ({
  zones: subnets.map(({ zone }) => ({ id: zone })),
  subnets,
  machineTypes,
  memoryMiB: null,
  takenElsewhere: [],
  settingPrefixes: ['simulated.'],
})

const subnets: Subnet[] = ['a', 'b', 'c'].map((letter, index) => {
  const network = `10.${index + 1}.0`
  return {
    id: `subnet-sim-${letter}`,
    zone: `sim-${letter}`,
    range: `${network}.0/16`,
    slots: { kind: 'addresses', firstAddress: `${network}.1`, count: 65_534, port: 9092, controllerPort: 9093 },
  }
})
