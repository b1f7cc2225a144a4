import { certificateWarning, renewBefore, type CertificateKind } from '../domain/certificate-life.ts'
import { ChangeOptions } from '../domain/change.ts'
import { AppError } from '../domain/errors.ts'
import type { InstanceId } from '../domain/id.ts'
import { millraceItself } from '../domain/permission.ts'
import { defineReconciler, type Round } from '../engine/define-reconciler.ts'
import { startOperation } from '../engine/start-operation.ts'
import { changeDefinitions } from '../operations/change/change-instance.ts'
import type { World } from '../operations/world.ts'
import { endOf } from '../security/own-chain.ts'
import { listCertified, listInstancesToRenew, wasSaid } from '../store/certificates.ts'
import { insertEvent } from '../store/events.ts'
import { findInstanceAuthority } from '../store/instance-authorities.ts'
import { getInstance } from '../store/instances.ts'
import { listNodes } from '../store/nodes.ts'

/**
 * Certificates end whether anybody looks or not. Millrace's own are renewed in time, by a roll like any other that it begins
 * itself while the Instance is Running and idle; of those that people must renew, an event tells in time.
 */
const renewal = changeDefinitions['renew-certificates']
const eventKind = 'certificate.ends'

/** Who cancels a renewal is left alone for a day; there are weeks left. */
const respectCancelMs = 24 * 3600_000

type Certified = { id: InstanceId; isDue: boolean }

export const watchCertificates = defineReconciler<World, Certified>({
  name: 'watch-certificates',
  everySeconds: 600,
  limitSeconds: 60,

  async subjects({ db, environmentId, now }) {
    const due = await listInstancesToRenew(db, {
      environmentId,
      startedBefore: renewBefore(now()),
      kind: renewal.kind,
      cancelledAfter: new Date(now().getTime() - respectCancelMs),
    })
    return (await listCertified(db, environmentId)).map((id) => ({ id, isDue: due.includes(id) }))
  },

  async reconcile(round, { id, isDue }) {
    await tell(round, id)
    if (isDue) await renew(round, id)
  },
})

async function tell({ db, environmentId, now }: Round<World>, instanceId: InstanceId): Promise<void> {
  const { own } = (await getInstance(db, instanceId)).features.security ?? {}
  const authority = await findInstanceAuthority(db, instanceId)
  const held: [CertificateKind, string | undefined][] = [
    ['authority', authority?.certificate],
    ['chain', own?.certificateChain],
    ['client-authority', own?.certificateAuthority],
  ]
  for (const [kind, pem] of held) {
    const end = pem ? endOf(pem) : undefined
    const message = end ? certificateWarning(kind, end, now()) : null
    if (!message || (await wasSaid(db, instanceId, { kind: eventKind, message }))) continue
    const about = { environmentId, instanceId, operationId: null, createdAt: now() }
    await db.transaction().execute((tx) => insertEvent(tx, { ...about, kind: eventKind, message }))
  }
}

async function renew({ world, db, environmentId, now, random }: Round<World>, instanceId: InstanceId): Promise<void> {
  const before = renewBefore(now())
  const due = (await listNodes(db, instanceId)).filter(({ usage }) => usage && usage.startedAt < before)
  const input = { wish: { renew: due.map(({ kafkaId }) => kafkaId) }, options: ChangeOptions.parse({}) }
  const context = { environment: await world.provider.describeEnvironment(), catalogue: world.catalogue }
  const request = { environmentId, instanceId, input, context, actor: millraceItself, now: now(), random }
  try {
    await db.transaction().execute((tx) => startOperation(tx, renewal, request))
  } catch (thrown) {
    // Somebody's own change came first; the next round looks again.
    if (!(thrown instanceof AppError && ['conflict', 'not-found'].includes(thrown.kind))) throw thrown
  }
}
