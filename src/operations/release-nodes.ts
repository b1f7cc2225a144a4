import { wait, type Outcome } from '../engine/outcome.ts'
import { deleteInstanceAuthorities } from '../store/instance-authorities.ts'
import { deletePlainVerifiers } from '../store/plain-verifiers.ts'
import { deleteNode, listNodes } from '../store/nodes.ts'
import type { Op } from './world.ts'

/**
 * Takes away every node of the Instance, those the provider finds as well as those in the rows, and gives each address back
 * when its node is proven gone; its secrets go last. What is left is named in the wait, for as long as it is left.
 */
export async function releaseNodes<S extends string>(op: Op, then: Outcome<S>): Promise<Outcome<S>> {
  const rows = await listNodes(op.db, op.instanceId)
  const sightings = await op.world.provider.inspectNodes(op.instanceId)
  const kafkaIds = [...new Set([...rows, ...sightings].map(({ kafkaId }) => kafkaId))].toSorted((a, b) => a - b)
  const leftovers = await Promise.all(kafkaIds.map((kafkaId) => releaseNode(op, kafkaId)))
  const left = leftovers.flat()
  if (left.length > 0) return wait(0.3, `Still there: ${left.join('; ')}.`)
  await op.write(async (tx) => {
    await deletePlainVerifiers(tx, op.instanceId)
    await deleteInstanceAuthorities(tx, op.instanceId)
  })
  return then
}

async function releaseNode(op: Op, kafkaId: number): Promise<string[]> {
  const left = await op.world.provider.removeNode(op.instanceId, kafkaId, op.fence)
  if (left.length === 0) await op.write((tx) => deleteNode(tx, op.instanceId, kafkaId))
  return left
}
