import type { Tx } from '../../store/database.ts'
import { updateNodeSeen } from '../../store/nodes.ts'
import { sightingOf, type Scene } from './scene.ts'

/** Of a whole Instance: every member runs and answers, and this is the version it has. Pages read these rows. */
export async function writeMembersSeen(tx: Tx, scene: Scene, observedAt: Date): Promise<void> {
  for (const node of scene.members) {
    const sighting = sightingOf(scene, node.kafkaId)
    const version = sighting?.version ?? node.version
    const usage = sighting?.usage ?? null
    await updateNodeSeen(tx, node, { version, usage, health: 'running', healthReason: null, observedAt })
  }
}
