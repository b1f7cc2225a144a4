import { comfortableFreeSlots } from '../../domain/placement.ts'
import { findVersion } from '../../domain/version.ts'
import type { CreateInstanceInput } from '../../operations/create-instance.ts'
import { readEnvironment } from '../../services/environment/read-environment.ts'
import type { HttpWorld } from '../world.ts'

/** What is allowed but deserves a thought before it is done. */
export async function createWarnings(world: HttpWorld, input: CreateInstanceInput): Promise<string[]> {
  const { subnets } = await readEnvironment(world)
  const { networks } = input.spec
  const tight = subnets.filter((subnet) => {
    const isChosen = networks.some(({ zone, subnet: id }) => zone === subnet.zone && (!id || id === subnet.id))
    return isChosen && subnet.free < comfortableFreeSlots
  })
  const version = findVersion(world.catalogue, input.version)
  return [
    ...tight.map(
      ({ id, free }) => `${id} has ${free} free addresses; ${comfortableFreeSlots} or more leave room to grow.`,
    ),
    ...(version?.endOfLife ? [`Kafka ${input.version} is at the end of its life: its line gets no more fixes.`] : []),
    ...(networks.length === 1 ? ['All nodes lie in one zone: when it is lost, the Instance is.'] : []),
  ]
}
