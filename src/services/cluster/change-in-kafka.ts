import { toAppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import { insertAuditEvent } from '../../store/audit-events.ts'
import { beginOnce, dropBegun, expireBegun, finishOnce } from '../../store/idempotency-keys.ts'
import type { Once, ServiceContext } from '../context.ts'

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

/** Longer than Kafka is waited for in any change. */
export const longestDeedMs = 60_000

/**
 * What is done in Kafka cannot be undone with a transaction of ours. So it is written down before it is done: nothing ever
 * happens that the audit does not know. What Kafka then refuses gets a second line that says so, and its Idempotency-Key back.
 * A repeat does nothing: it resolves to undefined. But where nobody knows what became of the first request, because it was lost with
 * this process or Kafka gave no answer, the deed is done again, and is told so.
 */
export async function changeInKafka<T>(
  context: ServiceContext,
  change: KafkaChange,
  deed: (isAgain: boolean) => Promise<T>,
): Promise<{ made: T; isRepeat: false } | { made: undefined; isRepeat: true }> {
  const { once, subject } = change
  const until = new Date(context.now().getTime() + longestDeedMs)
  const beginning = await context.db.transaction().execute(async (tx) => {
    const begun = once ? await beginOnce(tx, once, { resultId: subject, until }) : 'first'
    if (begun !== 'done') await insertAuditEvent(tx, entryOf(context, change))
    return begun
  })
  if (beginning === 'done') return { made: undefined, isRepeat: true }
  const made = await carryOut(context, change, { until, isAgain: beginning === 'again', deed })
  if (once) await finishOnce(context.db, once, until)
  return { made, isRepeat: false }
}

async function carryOut<T>(
  context: ServiceContext,
  change: KafkaChange,
  { until, isAgain, deed }: { until: Date; isAgain: boolean; deed: (isAgain: boolean) => Promise<T> },
): Promise<T> {
  try {
    return await deed(isAgain)
  } catch (thrown) {
    const { kind, code, message } = toAppError(thrown)
    // It is made: only a node lags behind. A repeat with the same key finds it.
    if (code === 'Kafka.NotSeenYet') {
      if (change.once) await finishOnce(context.db, change.once, until)
      throw thrown
    }
    await context.db.transaction().execute(async (tx) => {
      const failed = { ...change, action: `${change.action}-failed`, after: { code, message } }
      await insertAuditEvent(tx, entryOf(context, failed))
      const isRefused = kind !== 'unavailable' && kind !== 'bug'
      // Only what was surely never done may be done as if for the first time.
      if (change.once) await (isRefused && !isAgain ? dropBegun : expireBegun)(tx, change.once, until)
    })
    throw thrown
  }
}

function entryOf({ environmentId, now }: ServiceContext, { instanceId, actor, action, ...parts }: KafkaChange) {
  const { subject, before, after } = parts
  const detail = { subject, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }
  return { environmentId, instanceId, operationId: null, actor, action, detail, createdAt: now() }
}
