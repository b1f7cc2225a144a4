import { AppError } from '../domain/errors.ts'
import type { InstanceId } from '../domain/id.ts'
import type { Instance } from '../domain/instance.ts'
import { newsOf, pauseSeconds, type Verdict } from '../domain/metrics-delivery.ts'
import { exporterSecretOwner, type PrometheusExporter } from '../domain/metrics-exporter.ts'
import { defineReconciler, type Reconciler, type Round } from '../engine/define-reconciler.ts'
import { sendSeries, type Receiver } from '../metrics/remote-write.ts'
import type { World } from '../operations/world.ts'
import type { SecretBox } from '../store/secret-box.ts'
import { insertEvent } from '../store/events.ts'
import { findInstance } from '../store/instances.ts'
import {
  leaseDelivery,
  listDueDeliveries,
  recordLater,
  recordRefused,
  recordTaken,
  recordTold,
  releaseDelivery,
  type Leased,
} from '../store/metrics-deliveries.ts'
import { deleteParcels, listOldestParcels, type Parcel } from '../store/metrics-parcels.ts'

export type SendOptions = {
  secrets: SecretBox
  /** From 0 to 1. */
  chance?: () => number
}

/** Longer than all that one turn may take: who died sending is followed by another. */
const leaseMs = 60_000
/** Of one Instance in one turn; what is left waits for the next. */
const longestTurnMs = 20_000
/** Before it is compressed, in one request. */
const mostBytes = 2 ** 20

/**
 * Sends on what the looks at Instances have laid down, in order and by one process at a time. What a receiver cannot take now
 * waits, with pauses that grow; what it refuses is dropped, and its words are kept.
 */
export function makeSendMetrics({ secrets, chance = Math.random }: SendOptions): Reconciler<World, { id: InstanceId }> {
  return defineReconciler<World, { id: InstanceId }>({
    name: 'send-metrics',
    everySeconds: 2,
    limitSeconds: 30,

    async subjects({ db, environmentId, now }) {
      const ids = await listDueDeliveries(db, environmentId, now())
      return ids.map((id) => ({ id }))
    },

    async reconcile(round, { id }) {
      const { db, now } = round
      const until = new Date(now().getTime() + leaseMs)
      const leased = await leaseDelivery(db, id, { now: now(), until })
      if (!leased) return
      try {
        await sendWhatWaits(round, { id, leased, secrets, chance })
      } finally {
        await releaseDelivery(db, id)
      }
    },
  })
}

type Turn = Required<SendOptions> & { id: InstanceId; leased: Leased }

async function sendWhatWaits(round: Round<World>, turn: Turn): Promise<void> {
  const { db, now } = round
  const endsAt = now().getTime() + longestTurnMs
  let goesOn = true
  while (goesOn && now().getTime() < endsAt) {
    const parcels = await listOldestParcels(db, turn.id, mostBytes)
    const instance = await findInstance(db, turn.id)
    const receiver = instance && receiverOf(instance, turn.secrets)
    if (!receiver || parcels.length === 0) return
    goesOn = await sendOne(round, turn, { instance, receiver, parcels })
  }
}

/** Whether more may be sent at once. */
async function sendOne(
  round: Round<World>,
  { id, leased, chance }: Turn,
  { instance, receiver, parcels }: { instance: Instance; receiver: Receiver; parcels: Parcel[] },
): Promise<boolean> {
  const { db, now } = round
  const body = Buffer.concat(parcels.map((parcel) => parcel.body))
  const verdict = await sendSeries(receiver, { body, now: now() })
  await tellNews(round, { instance, leased, verdict })
  if (verdict.kind === 'later') {
    const failures = leased.failures + 1
    const pause = pauseSeconds(failures, { asked: verdict.retryAfterSeconds, chance: chance() })
    const retryAt = new Date(now().getTime() + pause * 1000)
    await recordLater(db, id, { why: verdict.why, failures, now: now(), retryAt })
    return false
  }
  await deleteParcels(db, parcels)
  if (verdict.kind === 'taken') {
    await recordTaken(db, id, now())
    return true
  }
  const samples = parcels.reduce((sum, parcel) => sum + parcel.samples, 0)
  await recordRefused(db, id, { why: verdict.why, samples, now: now() })
  return false
}

async function tellNews(
  { db, now }: Round<World>,
  { instance, leased, verdict }: { instance: Instance; leased: Leased; verdict: Verdict },
): Promise<void> {
  const news = newsOf(verdict, { ...leased, now: now() })
  if (!news) return
  const { environmentId, id: instanceId } = instance
  const about = { environmentId, instanceId, operationId: null, createdAt: now() }
  await db.transaction().execute(async (tx) => {
    await recordTold(tx, instanceId, news.isTrouble)
    await insertEvent(tx, { ...about, kind: 'instance.metrics-delivery', message: news.message })
  })
  leased.troubleTold = news.isTrouble
}

function receiverOf({ features }: Instance, secrets: SecretBox): Receiver | undefined {
  const exporter = features.metricsExporter?.prometheus
  return exporter && { endPoint: exporter.endPoint, authorization: authorizationOf(exporter, secrets) }
}

function authorizationOf(
  { endPoint, authType, username = '', sealedPassword, sealedToken }: PrometheusExporter,
  secrets: SecretBox,
): Receiver['authorization'] {
  const open = (sealed: string | undefined) => {
    if (sealed === undefined)
      throw new AppError('bug', 'Metrics.NoSecret', 'This exporter was kept without its secret.')
    return secrets.open(sealed, exporterSecretOwner(endPoint))
  }
  if (authType === 'basic') return { kind: 'basic', username, password: open(sealedPassword) }
  return authType === 'bearer' ? { kind: 'bearer', token: open(sealedToken) } : { kind: 'noauth' }
}
