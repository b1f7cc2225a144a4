import { revertOf } from '../../domain/change.ts'
import { wait, type Outcome } from '../../engine/outcome.ts'
import type { Op } from '../world.ts'
import { onward, type ChangeStep } from './onward.ts'
import { inputOf, lookAt, sightingOf, type Scene } from './scene.ts'

/**
 * Takes brokers away that nobody made here. One that holds a replica is never stopped, and one that lives is never
 * unregistered: it is ended first where its process is one of this Instance's, and waited for where it is not.
 */
export async function removeStrangers(op: Op): Promise<Outcome<ChangeStep>> {
  const scene = await lookAt(op)
  const left: string[] = []
  for (const kafkaId of strangersIn(op, scene)) {
    const words = await removeStranger(op, scene, kafkaId)
    if (words) left.push(words)
  }
  return left.length > 0 ? wait(0.5, `${left.join('. ')}.`) : onward(op, scene, 'remove-strangers')
}

/** A node that has been made since with the same id is no stranger. */
const strangersIn = (op: Op, { nodes }: Scene): number[] =>
  revertOf(inputOf(op).wish).brokers.filter((id) => !nodes.some(({ kafkaId }) => kafkaId === id))

/** What is still to wait for; null when it is gone. */
async function removeStranger(op: Op, scene: Scene, kafkaId: number): Promise<string | null> {
  const { provider, clusters } = op.world
  const held = (await clusters.replicas(scene.endpoints)).filter((replica) => replica.kafkaId === kafkaId)
  if (held.length > 0) {
    const { topic, partition } = held[0]!
    const first = `the first being partition ${partition} of topic ${topic}`
    return `Node ${kafkaId} holds ${held.length} replicas, ${first}: move them to other nodes, or cancel`
  }
  const sighting = sightingOf(scene, kafkaId)
  if (sighting?.process === 'running') {
    await provider.stopNode(op.instanceId, kafkaId, op.fence)
    return `Node ${kafkaId} holds nothing and stops`
  }
  const registered = (await clusters.registeredBrokers(scene.endpoints)).find((one) => one.kafkaId === kafkaId)
  if (registered && !registered.isFenced) {
    return `Node ${kafkaId} still lives at ${registered.host}:${registered.port}: stop it there, or cancel`
  }
  await clusters.unregisterBroker(scene.endpoints, kafkaId)
  const leftovers = sighting ? await provider.removeNode(op.instanceId, kafkaId, op.fence) : []
  return leftovers.length > 0 ? `Still there: ${leftovers.join('; ')}` : null
}
