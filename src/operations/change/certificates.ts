import { X509Certificate } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { authorityCommonName } from '../../domain/keyring.ts'
import type { Node } from '../../domain/node.ts'
import { clientListeners, isEncrypted, type ClientListener } from '../../domain/security.ts'
import { next, wait, type Outcome } from '../../engine/outcome.ts'
import { endpointOf } from '../../kafka/endpoint-of.ts'
import { readCertificates } from '../../security/own-chain.ts'
import type { Op } from '../world.ts'
import { leaveGate, waitAtGate } from './gate.ts'
import { onward, type ChangeStep } from './onward.ts'
import { isTurnedBack, lookAt, reviveStopped, specOf, type Scene } from './scene.ts'

/**
 * Certificates of the user's are exchanged while Kafka runs: their files are written, each node in turn reads them, and a look
 * from outside proves it. Connections that are open go on. A node that still shows the former ones restarts with the roll; one
 * that refuses them would not start with them either, and the change goes back.
 */
type Outcomes = Promise<Outcome<ChangeStep>>

/** When each node was told to read them, by Kafka id. */
type Renewed = Record<string, number>

/** Kafka takes a second; on a machine that is busy with something else, several. */
const patienceMs = 30_000

export async function renewCertificates(op: Op): Outcomes {
  const scene = await lookAt(op)
  const stopped = await reviveStopped(op, scene)
  if (stopped?.kind === 'wait') return waitAtGate(op, 'renew-certificates', stopped.why)
  const renewed = (op.notes.renewed as Renewed | null | undefined) ?? {}
  const nextNode = scene.members.find(({ kafkaId }) => renewed[kafkaId] === undefined)
  if (nextNode) return await renew(op, scene, { node: nextNode, renewed })

  const late = await showFormer(op, scene)
  const now = op.now().getTime()
  const waiting = late.filter(({ kafkaId }) => now - renewed[kafkaId]! < patienceMs)
  if (waiting.length > 0) {
    return wait(0.3, `Node ${waiting.map(({ kafkaId }) => kafkaId).join(', ')} reads the new certificates.`)
  }
  op.remember({ stubborn: Object.fromEntries(late.map(({ kafkaId }) => [kafkaId, now])) })
  leaveGate(op)
  return onward(op, scene, 'renew-certificates')
}

async function renew(op: Op, scene: Scene, { node, renewed }: { node: Node; renewed: Renewed }): Outcomes {
  const { provider, clusters } = op.world
  const { kafkaId } = node
  await provider.renewStores(specOf(scene, node), op.fence)
  try {
    await clusters.reloadCertificates(scene.endpoints, kafkaId)
  } catch (thrown) {
    const isRefused = thrown instanceof AppError && thrown.code === 'Kafka.SettingRefused'
    if (!isRefused || isTurnedBack(op)) throw thrown
    op.remember({ turnedBackBecause: thrown.message })
    return next('turn-back')
  }
  op.remember({ renewed: { ...renewed, [kafkaId]: op.now().getTime() } })
  return wait(0.1, `Node ${kafkaId} reads the new certificates.`)
}

/** Nodes that still go by other certificates than they should at one of their ports. */
async function showFormer(op: Op, scene: Scene): Promise<Node[]> {
  const { id, features, authority: standing } = scene.instance
  const { certificateChain: chain, certificateAuthority: authority } = features.security?.own ?? {}
  const [leaf] = chain ? (readCertificates(chain) ?? []) : []
  const isRight = ({ fingerprint256, issuer }: X509Certificate) =>
    leaf ? fingerprint256 === leaf.fingerprint256 : issuer === `CN=${authorityCommonName(id, standing.signing)}`
  // Where nothing listens yet, the roll brings it.
  const isFormer = async (node: Node, { port, method }: ClientListener) => {
    const broker = endpointOf(node)
    const shown = await op.world.clusters.shownCertificate(broker, port)
    if (shown !== null && !isRight(new X509Certificate(shown))) return true
    return (
      method === 'mtls' && !!authority && (await op.world.clusters.asksForAuthority(broker, port, authority)) === false
    )
  }
  const looks = scene.members.map(async (node) => {
    const listeners = clientListeners(features.security, node).filter(isEncrypted)
    const answers = await Promise.all(listeners.map((listener) => isFormer(node, listener)))
    return answers.includes(true) ? [node] : []
  })
  return (await Promise.all(looks)).flat()
}
