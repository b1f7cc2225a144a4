import { standingAfter } from '../domain/authority-standing.ts'
import {
  certificateWarning,
  dueExchange,
  nodeCertificateEnd,
  renewBefore,
  type CertificateKind,
} from '../domain/certificate-life.ts'
import { ChangeOptions, type ChangeWish } from '../domain/change.ts'
import { AppError } from '../domain/errors.ts'
import type { InstanceId } from '../domain/id.ts'
import type { Node } from '../domain/node.ts'
import { millraceItself } from '../domain/permission.ts'
import { defineReconciler, type Round } from '../engine/define-reconciler.ts'
import { startOperation } from '../engine/start-operation.ts'
import { endpointOf } from '../kafka/endpoint-of.ts'
import { changeDefinitions } from '../operations/change/change-instance.ts'
import type { World } from '../operations/world.ts'
import { endOf } from '../security/own-chain.ts'
import { listCertified, listRenewable, wasSaid } from '../store/certificates.ts'
import type { Db } from '../store/database.ts'
import { insertEvent } from '../store/events.ts'
import { listInstanceAuthorities } from '../store/instance-authorities.ts'
import { getInstance } from '../store/instances.ts'
import { listNodes } from '../store/nodes.ts'

/**
 * Certificates end whether anybody looks or not. Millrace's own are renewed in time, and the authority behind them exchanged, by
 * rolls like any other that it begins itself while the Instance is Running and idle. Of those that people must renew or make
 * known to clients, and of those of nodes for which that time did not come, an event tells in time.
 */
const renewals = ['renew-certificates', 'exchange-authority'] as const
const eventKind = 'certificate.ends'

/** Who cancels a renewal is left alone for a day; there are weeks left. */
const respectCancelMs = 24 * 3600_000

type Certified = { id: InstanceId; isRenewable: boolean }

export const watchCertificates = defineReconciler<World, Certified>({
  name: 'watch-certificates',
  everySeconds: 600,
  limitSeconds: 60,

  async subjects({ db, environmentId, now }) {
    const cancelledAfter = new Date(now().getTime() - respectCancelMs)
    const renewable = new Set(await listRenewable(db, { environmentId, kinds: renewals, cancelledAfter }))
    return (await listCertified(db, environmentId)).map((id) => ({ id, isRenewable: renewable.has(id) }))
  },

  async reconcile(round, { id, isRenewable }) {
    await tell(round, id)
    if (!isRenewable || (await exchangeAuthority(round, id))) return
    const due = await dueNodes(round.db, id, round.now())
    if (due.length > 0) {
      const wish = { renew: due.map(({ kafkaId }) => kafkaId) }
      await begin(round, id, { kind: 'renew-certificates', wish })
    }
  },
})

async function tell(round: Round<World>, instanceId: InstanceId): Promise<void> {
  const { db, environmentId, now } = round
  const { own } = (await getInstance(db, instanceId)).features.security ?? {}
  const [oldest] = await listInstanceAuthorities(db, instanceId)
  const ends: [CertificateKind, Date | undefined][] = [
    ['authority', oldest && endOf(oldest.certificate)],
    ['node', await firstNodeEnd(round, instanceId)],
    ['chain', own?.certificateChain ? endOf(own.certificateChain) : undefined],
    ['client-authority', own?.certificateAuthority ? endOf(own.certificateAuthority) : undefined],
  ]
  for (const [kind, end] of ends) {
    const message = end ? certificateWarning(kind, end, now()) : null
    if (!message || (await wasSaid(db, instanceId, { kind: eventKind, message }))) continue
    const about = { environmentId, instanceId, operationId: null, createdAt: now() }
    await db.transaction().execute((tx) => insertEvent(tx, { ...about, kind: eventKind, message }))
  }
}

/** Of those that are due. An exchange of the user's brings new ones without a start, so the nodes themselves are asked. */
async function firstNodeEnd({ world, db, now }: Round<World>, instanceId: InstanceId): Promise<Date | undefined> {
  const ends = (await dueNodes(db, instanceId, now())).map(async (node) => {
    const { internalPort, usage } = node
    const shown = await world.clusters.shownCertificate(endpointOf(node), internalPort!).catch(() => null)
    return (shown ? endOf(shown) : undefined) ?? nodeCertificateEnd(usage!.startedAt)
  })
  return (await Promise.all(ends)).toSorted((one, other) => one.getTime() - other.getTime())[0]
}

async function dueNodes(db: Db, instanceId: InstanceId, now: Date): Promise<Node[]> {
  const before = renewBefore(now)
  const nodes = await listNodes(db, instanceId)
  return nodes.filter(({ internalPort, usage }) => internalPort !== null && usage && usage.startedAt < before)
}

/** Of the oldest that is trusted the end counts, whoever signs. True: one is due. */
async function exchangeAuthority(round: Round<World>, instanceId: InstanceId): Promise<boolean> {
  const { db, now } = round
  const { authority } = await getInstance(db, instanceId)
  const authorities = await listInstanceAuthorities(db, instanceId)
  const end = authorities[0] && endOf(authorities[0].certificate)
  if (!end) return false
  const publishedAt = authorities.find(({ number }) => number === authority.newest)?.createdAt ?? now()
  const goal = dueExchange(authority, { end, publishedAt }, now())
  if (goal)
    await begin(round, instanceId, { kind: 'exchange-authority', wish: { authority: standingAfter(authority, goal) } })
  return goal !== null
}

type Renewal = { kind: (typeof renewals)[number]; wish: ChangeWish }

async function begin(round: Round<World>, instanceId: InstanceId, { kind, wish }: Renewal): Promise<void> {
  const { world, db, environmentId, now, random } = round
  const input = { wish, options: ChangeOptions.parse({}) }
  const context = { environment: await world.provider.describeEnvironment(), catalogue: world.catalogue }
  const request = { environmentId, instanceId, input, context, actor: millraceItself, now: now(), random }
  try {
    await db.transaction().execute((tx) => startOperation(tx, changeDefinitions[kind], request))
  } catch (thrown) {
    // Somebody's own change came first; the next round looks again.
    if (!(thrown instanceof AppError && ['conflict', 'not-found'].includes(thrown.kind))) throw thrown
  }
}
