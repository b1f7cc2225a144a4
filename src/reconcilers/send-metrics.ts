import { AppError } from '../domain/errors.ts'
import type { InstanceId } from '../domain/id.ts'
import type { Instance } from '../domain/instance.ts'
import { newsOf, pauseSeconds, type Verdict } from '../domain/metrics-delivery.ts'
import { exporterSecretOwner, type PrometheusExporter } from '../domain/metrics-exporter.ts'
import { defineReconciler, type Reconciler, type Round } from '../engine/define-reconciler.ts'
import { sendSeries, type Receiver } from '../metrics/remote-write.ts'
import type { World } from '../operations/world.ts'
import type { Tx } from '../store/database.ts'
import type { SecretBox } from '../store/secret-box.ts'
import { insertEvent } from '../store/events.ts'
import { findInstance } from '../store/instances.ts'
import {
  holdDelivery,
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
        await sendWhatWaits(round, { leased, secrets, chance })
      } finally {
        await releaseDelivery(db, leased)
      }
    },
  })
}

type Turn = Required<SendOptions> & { leased: Leased }

async function sendWhatWaits(round: Round<World>, turn: Turn): Promise<void> {
  const { db, now } = round
  const { instanceId } = turn.leased
  const endsAt = now().getTime() + longestTurnMs
  let alone = 0
  while (now().getTime() < endsAt) {
    const parcels = await listOldestParcels(db, instanceId, alone > 0 ? 0 : mostBytes)
    const instance = await findInstance(db, instanceId)
    const receiver = instance && receiverOf(instance, turn.secrets)
    if (!receiver || parcels.length === 0) return
    const verdict = await sendSeries(receiver, { body: Buffer.concat(parcels.map(({ body }) => body)), now: now() })
    if (verdict.kind === 'refused' && verdict.isOfContent && parcels.length > 1) {
      // One sample that it cannot take must not cost it all the others.
      alone = parcels.length
      continue
    }
    const isHeld = await settle(round, turn, { instance, parcels, verdict })
    alone = Math.max(0, alone - 1)
    if (!isHeld || verdict.kind === 'later' || (verdict.kind === 'refused' && alone === 0)) return
  }
}

type Sent = { instance: Instance; parcels: Parcel[]; verdict: Verdict }

/** Writes down what came of it. False, and nothing is written, when another receiver was set meanwhile, or somebody else sends. */
async function settle({ db, now }: Round<World>, { leased, chance }: Turn, sent: Sent): Promise<boolean> {
  const { instance, parcels, verdict } = sent
  return await db.transaction().execute(async (tx) => {
    if (!(await holdDelivery(tx, leased))) return false
    await record(tx, sent, { failures: leased.failures + 1, chance: chance(), now: now() })
    if (verdict.kind !== 'later') await deleteParcels(tx, parcels)
    await tellNews(tx, { instance, leased, verdict, now: now() })
    return true
  })
}

async function record(
  tx: Tx,
  { instance: { id }, parcels, verdict }: Sent,
  { failures, chance, now }: { failures: number; chance: number; now: Date },
): Promise<void> {
  if (verdict.kind === 'taken') return await recordTaken(tx, id, now)
  const { why } = verdict
  if (verdict.kind === 'refused') {
    const samples = parcels.reduce((sum, parcel) => sum + parcel.samples, 0)
    return await recordRefused(tx, id, { why, samples, now })
  }
  const pause = pauseSeconds(failures, { asked: verdict.retryAfterSeconds, chance })
  await recordLater(tx, id, { why, failures, now, retryAt: new Date(now.getTime() + pause * 1000) })
}

type News = { instance: Instance; leased: Leased; verdict: Verdict; now: Date }

async function tellNews(tx: Tx, { instance, leased, verdict, now }: News): Promise<void> {
  const news = newsOf(verdict, { ...leased, now })
  if (!news) return
  const { environmentId, id: instanceId } = instance
  const about = { environmentId, instanceId, operationId: null, createdAt: now }
  await recordTold(tx, instanceId, news.isTrouble)
  await insertEvent(tx, { ...about, kind: 'instance.metrics-delivery', message: news.message })
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
