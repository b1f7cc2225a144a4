import { revertOf } from '../../domain/change.ts'
import type { Instance } from '../../domain/instance.ts'
import type { Node } from '../../domain/node.ts'
import { changedKeys } from '../../domain/restart-reason.ts'
import type { SettingsAlteration } from '../../kafka/cluster.ts'
import { minInSyncFor } from '../../kafka/server-properties.ts'
import { dynamicSettingsOf, isController } from '../node-spec.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Op } from '../world.ts'
import { onward, type ChangeStep } from './onward.ts'
import { inputOf, lookAt } from './scene.ts'

/**
 * Settings that Kafka takes while it runs become its cluster-wide defaults; those that were ours before and are wanted no more
 * go back to Kafka's own. What only a start can change is in the nodes' files and is the roll's business. What the change is
 * not about stays as it was found: what somebody set by hand is shown as drift, and not taken away in passing.
 */
export async function applySettings(op: Op): Promise<Outcome<ChangeStep>> {
  const scene = await lookAt(op)
  const { instance, nodes, endpoints } = scene
  const { settings: drifted, overrides } = revertOf(inputOf(op).wish)
  // On the way back, what was tried in between is what must go.
  const attempted = (op.notes.attempted as string[] | undefined) ?? []
  const touched = [...changedSettings(instance), ...attempted, ...drifted]
  const wanted = Object.entries(dynamicTarget(instance)).filter(([key]) => touched.includes(key))
  const alteration = alterationTo(Object.fromEntries(wanted), { leaving: touched, nodes })
  await op.world.clusters.alterSettings(endpoints, alteration)
  for (const [kafkaId, own] of Map.groupBy(overrides, (override) => override.kafkaId)) {
    const remove = own.map(({ key }) => key)
    await op.world.clusters.alterSettings(endpoints, { set: {}, remove }, { kafkaId })
  }
  return onward(op, scene, 'apply-settings')
}

/** The keys of those that Kafka takes while it runs and that differ from what they were before the change. */
export const changedSettings = (instance: Instance): string[] =>
  changedKeys(instance.before ? dynamicSettingsOf(instance.before) : {}, dynamicTarget(instance))

const dynamicTarget = ({ targetVersion, features }: Instance) => dynamicSettingsOf({ version: targetVersion, features })

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
