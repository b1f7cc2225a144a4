import { revertOf, targetOf, type ChangeWish } from '../../domain/change.ts'
import type { InstanceTarget } from '../../domain/instance.ts'
import type { Node } from '../../domain/node.ts'
import {
  changedKeys,
  everything,
  restartReasons,
  type Alteration,
  type StartedWith,
} from '../../domain/restart-reason.ts'
import { nodeSpecFor, staticSettingsOf, type Siblings } from '../node-spec.ts'

/** Which nodes a change restarts, and why: the one rule by which its plan tells and its roll goes. */
export type RestartScene = Omit<Siblings, 'heapMiB'> & {
  /** Those that are to stay. */
  members: Node[]
  sightings: { kafkaId: number; spec: StartedWith | null }[]
  /** What the change is about, for each node. */
  about(kafkaId: number): Alteration
  /** Why the node is asked to restart, as long as it has not; null: it is not. */
  asked(kafkaId: number): string | null
}

/** By Kafka id; nodes that need not restart are absent. */
export function restartsIn({ members, sightings, about, asked, ...siblings }: RestartScene): Map<number, string[]> {
  const all = members.map((node) => {
    const { kafkaId } = node
    const running = sightings.find((sighting) => sighting.kafkaId === kafkaId)?.spec ?? null
    const wanted = nodeSpecFor(node, { ...siblings, heapMiB: 0 })
    return [kafkaId, restartReasons({ running, wanted, about: about(kafkaId), asked: asked(kafkaId) })] as const
  })
  return new Map(all.filter(([, reasons]) => reasons.length > 0))
}

/** What a change of `before` alters of how nodes are started; of nodes that a revert names, everything. */
export function alterationBy(wish: ChangeWish, before: InstanceTarget): (kafkaId: number) => Alteration {
  const after = targetOf(before, wish)
  const { version } = after
  const altered = {
    version: version !== before.version,
    settings: changedKeys(staticSettingsOf({ ...before, version }), staticSettingsOf(after)),
    security: wish.security !== undefined,
    authority: wish.authority !== undefined,
  }
  const reverted = revertOf(wish).nodes
  return (kafkaId) => (reverted.includes(kafkaId) ? everything : altered)
}

/** Why the wish asks for a restart of the node, whatever it runs with; null: it does not. */
export function askedIn({ restart, renew }: ChangeWish, kafkaId: number): string | null {
  if (restart === 'all' || restart?.includes(kafkaId)) return 'asked for'
  return renew?.includes(kafkaId) ? 'its certificates end' : null
}
