import { toAppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import { insertAuditEvent } from '../../store/audit-events.ts'
import { dropKey } from '../../store/idempotency-keys.ts'
import { changeOnce, type Once, type ServiceContext } from '../context.ts'

/** Of what in the cluster, by whom. Never a password. */
export type KafkaChange = {
  instanceId: InstanceId
  actor: Actor
  once?: Once | undefined
  /** `topic.create`, `acl.delete`, … */
  action: string
  subject: string
  before?: unknown
  after?: unknown
}

/**
 * What is done in Kafka cannot be undone with a transaction of ours. So it is written down before it is done: nothing ever
 * happens that the audit does not know. What Kafka then refuses gets a second line that says so, and its Idempotency-Key back.
 * A repeat does nothing: it resolves to undefined.
 */
export async function changeInKafka<T>(
  context: ServiceContext,
  change: KafkaChange,
  deed: () => Promise<T>,
): Promise<{ made: T; isRepeat: false } | { made: undefined; isRepeat: true }> {
  const { once, subject } = change
  const { isRepeat } = await changeOnce(context.db, once, async (tx) => {
    await insertAuditEvent(tx, entryOf(context, change))
    return subject
  })
  if (isRepeat) return { made: undefined, isRepeat }
  try {
    return { made: await deed(), isRepeat }
  } catch (thrown) {
    const { code, message } = toAppError(thrown)
    // It is made: only a node lags behind. A repeat with the same key finds it.
    if (code === 'Kafka.NotSeenYet') throw thrown
    await context.db.transaction().execute(async (tx) => {
      const failed = { ...change, action: `${change.action}-failed`, after: { code, message } }
      await insertAuditEvent(tx, entryOf(context, failed))
      if (once) await dropKey(tx, once)
    })
    throw thrown
  }
}

function entryOf({ environmentId, now }: ServiceContext, { instanceId, actor, action, ...parts }: KafkaChange) {
  const { subject, before, after } = parts
  const detail = { subject, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }
  return { environmentId, instanceId, operationId: null, actor, action, detail, createdAt: now() }
}
