import { X509Certificate } from 'node:crypto'
import { isSameStanding, nextMove } from '../../domain/authority-standing.ts'
import { authorityCommonName } from '../../domain/keyring.ts'
import { standingOf } from '../../domain/restart-reason.ts'
import { next, wait, type Outcome } from '../../engine/outcome.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import { updateAuthorityStanding } from '../../store/instance-authorities.ts'
import type { Op } from '../world.ts'
import { leaveGate, waitAtGate } from './gate.ts'
import { onward, type ChangeStep } from './onward.ts'
import { inputOf, lookAt, reviveStopped, sightingOf, type Scene } from './scene.ts'

/**
 * The next move of an exchange of the Instance's authority, once every node runs with the one before; between two moves lies a
 * roll. Where it stands is in the Instance's row and in what its nodes were started with, so whoever finds it half-way, a later
 * exchange too, goes on from there. Cancelled, it stays where it is, which serves as well as any other place.
 */
export async function moveAuthority(op: Op): Promise<Outcome<ChangeStep>> {
  const scene = await lookAt(op)
  const stopped = await reviveStopped(op, scene)
  if (stopped?.kind === 'wait') return waitAtGate(op, 'move-authority', stopped.why)
  const { authority } = scene.instance
  const runs = ({ kafkaId }: Scene['members'][number]) => standingOf(sightingOf(scene, kafkaId)?.spec ?? {})
  if (!scene.members.every((node) => isSameStanding(runs(node), authority))) return next('pick-node')

  const standing = nextMove(authority, inputOf(op).wish.authority!)
  if (!standing) return onward(op, scene, 'move-authority')
  const late = standing.oldest > authority.oldest ? await showFormer(op, scene) : []
  if (late.length > 0) {
    return waitAtGate(
      op,
      'move-authority',
      `Node ${late.join(', ')} still shows a certificate of the former authority.`,
    )
  }
  leaveGate(op)
  await op.write((tx) => updateAuthorityStanding(tx, op.instanceId, { standing, now: op.now() }))
  return wait(0, 'The nodes start again, one after the other, with the next move of the exchange.')
}

/** Nodes, by Kafka id, seen from outside with a certificate that another than the signing authority has signed. */
async function showFormer(op: Op, { instance, members }: Scene): Promise<number[]> {
  const signing = `CN=${authorityCommonName(instance.id, instance.authority.signing)}`
  const looks = members.map(async (node) => {
    const shown = await op.world.clusters.shownCertificate(endpointOf(node), node.internalPort!)
    return shown !== null && new X509Certificate(shown).issuer !== signing ? [node.kafkaId] : []
  })
  return (await Promise.all(looks)).flat()
}
