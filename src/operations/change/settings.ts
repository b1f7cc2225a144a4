import type { SettingsAlteration } from '../../kafka/cluster.ts'
import { minInSyncFor } from '../../kafka/server-properties.ts'
import { dynamicSettingsOf, isController } from '../node-spec.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Op } from '../world.ts'
import { onward, type ChangeStep } from './onward.ts'
import { lookAt } from './scene.ts'

/**
 * Settings that Kafka takes while it runs become its cluster-wide defaults; those that were ours before and are wanted no more
 * go back to Kafka's own. What only a start can change is in the nodes' files and is the roll's business.
 */
export async function applySettings(op: Op): Promise<Outcome<ChangeStep>> {
  const scene = await lookAt(op)
  const { instance, endpoints } = scene
  const version = instance.targetVersion
  const wanted = dynamicSettingsOf({ version, features: instance.features })
  const before = instance.before ? dynamicSettingsOf({ version, features: instance.before.features }) : {}
  // On the way back, what was tried in between is what must go.
  const attempted = (op.notes.attempted as string[] | undefined) ?? []
  const remove = [...new Set([...Object.keys(before), ...attempted])].filter((key) => !(key in wanted))
  const voters = scene.nodes.filter(isController).length
  await op.world.clusters.alterSettings(endpoints, withoutUndroppable({ set: wanted, remove }, voters))
  return onward(op, scene, 'apply-settings')
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
