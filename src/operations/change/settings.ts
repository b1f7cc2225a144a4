import { revertOf } from '../../domain/change.ts'
import type { Node } from '../../domain/node.ts'
import type { SettingsAlteration } from '../../kafka/cluster.ts'
import { minInSyncFor } from '../../kafka/server-properties.ts'
import { dynamicSettingsOf, isController } from '../node-spec.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Op } from '../world.ts'
import { onward, type ChangeStep } from './onward.ts'
import { inputOf, lookAt } from './scene.ts'

/**
 * Settings that Kafka takes while it runs become its cluster-wide defaults; those that were ours before and are wanted no more
 * go back to Kafka's own. What only a start can change is in the nodes' files and is the roll's business.
 */
export async function applySettings(op: Op): Promise<Outcome<ChangeStep>> {
  const scene = await lookAt(op)
  const { instance, nodes, endpoints } = scene
  const version = instance.targetVersion
  const before = instance.before ? dynamicSettingsOf({ version, features: instance.before.features }) : {}
  // On the way back, what was tried in between is what must go.
  const attempted = (op.notes.attempted as string[] | undefined) ?? []
  const { settings: drifted, overrides } = revertOf(inputOf(op).wish)
  const wanted = dynamicSettingsOf({ version, features: instance.features })
  const alteration = alterationTo(wanted, { leaving: [...Object.keys(before), ...attempted, ...drifted], nodes })
  await op.world.clusters.alterSettings(endpoints, alteration)
  for (const [kafkaId, own] of Map.groupBy(overrides, (override) => override.kafkaId)) {
    const remove = own.map(({ key }) => key)
    await op.world.clusters.alterSettings(endpoints, { set: {}, remove }, { kafkaId })
  }
  return onward(op, scene, 'apply-settings')
}

/** `leaving`: keys that may be set now and go unless they are wanted. */
export function alterationTo(
  wanted: Record<string, string>,
  { leaving, nodes }: { leaving: string[]; nodes: Node[] },
): SettingsAlteration {
  const remove = [...new Set(leaving)].filter((key) => !(key in wanted))
  return withoutUndroppable({ set: wanted, remove }, nodes.filter(isController).length)
}

/**
 * With eligible leader replicas (KIP-966) Kafka keeps this default itself and refuses to drop it; it goes back to what the nodes
 * are started with.
 */
const undroppable = 'min.insync.replicas'

function withoutUndroppable({ set, remove }: SettingsAlteration, voters: number): SettingsAlteration {
  if (!remove.includes(undroppable)) return { set, remove }
  return {
    set: { ...set, [undroppable]: String(minInSyncFor(voters)) },
    remove: remove.filter((key) => key !== undroppable),
  }
}
