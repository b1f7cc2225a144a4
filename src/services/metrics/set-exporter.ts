import { isDeepStrictEqual } from 'node:util'
import type { Instance } from '../../domain/instance.ts'
import { refuseProblems } from '../../domain/instance-rules.ts'
import {
  exporterProblems,
  exporterSecretOwner,
  withoutExporterSecrets,
  type ExporterAuth,
  type GivenExporter,
  type MetricsExporter,
  type PrometheusExporter,
} from '../../domain/metrics-exporter.ts'
import type { Actor } from '../../domain/permission.ts'
import { insertAuditEvent } from '../../store/audit-events.ts'
import type { Tx } from '../../store/database.ts'
import { insertEvent } from '../../store/events.ts'
import { updateInstanceExporter } from '../../store/instances.ts'
import { closeDelivery, openDelivery } from '../../store/metrics-deliveries.ts'
import type { SecretBox } from '../../store/secret-box.ts'
import type { ServiceContext } from '../context.ts'

/** An exporter as it is asked for; null: none. */
export type ExporterWish = GivenExporter | null

/**
 * Checks what was asked for and seals its secrets, before anything of it is written down. A secret that is left out stays as it
 * was, but only for the same receiver: whoever may change the address must not get at the password by that.
 */
export function sealExporter(
  given: GivenExporter,
  secrets: SecretBox,
  before: MetricsExporter | undefined,
): MetricsExporter {
  const kept = keptSecrets(given, before)
  refuseProblems(exporterProblems(given, { password: !!kept.sealedPassword, token: !!kept.sealedToken }))
  const { username, password, token, labels } = given
  const [endPoint, authType] = [given.endPoint!, given.authType as ExporterAuth]
  const owner = exporterSecretOwner(endPoint)
  // The same secret stays as it lies sealed: then a change to what is so already changes nothing.
  const seal = (secret: string, sealed: string | undefined) =>
    sealed && !secrets.isOld(sealed) && secrets.open(sealed, owner) === secret ? sealed : secrets.seal(secret, owner)
  return {
    prometheus: {
      endPoint,
      authType,
      ...(username && { username }),
      ...(labels && { labels }),
      ...kept,
      ...(password && { sealedPassword: seal(password, kept.sealedPassword) }),
      ...(token && { sealedToken: seal(token, kept.sealedToken) }),
    },
  }
}

function keptSecrets(
  { endPoint, authType, username }: GivenExporter,
  before: MetricsExporter | undefined,
): Pick<PrometheusExporter, 'sealedPassword' | 'sealedToken'> {
  const was = before?.prometheus
  if (!was || was.authType !== authType || was.username !== username || !endPoint || !URL.canParse(endPoint)) return {}
  if (exporterSecretOwner(was.endPoint) !== exporterSecretOwner(endPoint)) return {}
  const { sealedPassword, sealedToken } = was
  return { ...(sealedPassword && { sealedPassword }), ...(sealedToken && { sealedToken }) }
}

export type ExporterChange = {
  /** As it is, held until the transaction ends. */
  instance: Instance
  wish: ExporterWish
  actor: Actor
}

/** At once, and nothing restarts: it is Millrace that sends. What waits goes to the new receiver; without one it is thrown away. */
export async function setExporter(
  tx: Tx,
  { environmentId, secrets, now }: ServiceContext,
  { instance, wish, actor }: ExporterChange,
): Promise<void> {
  const { id, features } = instance
  const before = features.metricsExporter
  const after = wish ? sealExporter(wish, secrets, before) : undefined
  if (isDeepStrictEqual(before, after)) return
  await updateInstanceExporter(tx, instance, { exporter: after, now: now() })
  if (after) await openDelivery(tx, id)
  else await closeDelivery(tx, id)

  const told = (exporter: MetricsExporter | undefined) => (exporter ? withoutExporterSecrets(exporter) : null)
  const about = { environmentId, instanceId: id, operationId: null, createdAt: now() }
  const detail = { before: { metricsExporter: told(before) }, after: { metricsExporter: told(after) } }
  await insertAuditEvent(tx, { ...about, action: 'instance.export-metrics', actor, detail })
  const message = after
    ? `Metrics are sent on to ${new URL(after.prometheus.endPoint).host}`
    : 'Metrics are not sent on any more'
  await insertEvent(tx, { ...about, kind: 'instance.metrics-exporter', message })
}
