import { refuseUnlessCan } from '../../domain/busy.ts'
import { refuseFixed, restatedWords, type Restated } from '../../domain/fixed-fields.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Instance, InstanceAction } from '../../domain/instance.ts'
import { labelProblems, refuseProblems, type Labels } from '../../domain/instance-rules.ts'
import { withoutOwnCertificates } from '../../domain/security.ts'
import type { Actor } from '../../domain/permission.ts'
import { insertAuditEvent } from '../../store/audit-events.ts'
import type { Tx } from '../../store/database.ts'
import { insertEvent } from '../../store/events.ts'
import { getInstance, lockInstance, updateInstanceWords } from '../../store/instances.ts'
import { findOpenOperation } from '../../store/operations.ts'
import type { ServiceContext } from '../context.ts'

/** What changes at once, without an Operation: what people call an Instance, and how they say what it is already. */
export type AtOnce = {
  id: InstanceId
  /** What the whole request needs the state to allow. */
  action: InstanceAction
  labels: Labels
  restated: Restated
  actor: Actor
}

/**
 * The Instance as it is then, held until the transaction ends. What is so already is not written. Throws `conflict` while the
 * state does not allow the action, `invalid` for what breaks a rule or is fixed.
 */
export async function changeAtOnce(tx: Tx, context: ServiceContext, asked: AtOnce): Promise<Instance> {
  const { id, action, restated, actor } = asked
  refuseProblems(labelProblems(asked.labels))
  const before = await lockInstance(tx, id)
  const open = await findOpenOperation(tx, id)
  refuseUnlessCan(action, before.state, open)
  refuseFixed(before, restated)

  const labels = otherLabels(before, asked.labels)
  const words = restatedWords(before, restated)
  if (!labels && !words) return before
  await updateInstanceWords(tx, id, { ...labels, ...words, now: context.now() })
  if (labels) await record(tx, context, { id, actor, ...labelStory(before, labels) })
  if (words) await record(tx, context, { id, actor, ...restatedStory(before, restated) })
  return await getInstance(tx, id)
}

/** Those that differ; null: none does. */
function otherLabels(before: Instance, { name, description, tags }: Labels): Labels | null {
  const others = {
    ...(name !== undefined && name !== before.name && { name }),
    ...(description !== undefined && description !== before.description && { description }),
    ...(tags && JSON.stringify(tags.map(pair)) !== JSON.stringify(before.tags.map(pair)) && { tags }),
  }
  return Object.keys(others).length > 0 ? others : null
}

const pair = ({ name, value }: Instance['tags'][number]) => [name, value]

type Story = { action: string; kind: string; message: string; detail: { before?: object; after: object } }

function labelStory(before: Instance, labels: Labels): Story {
  const { name, description, tags } = labels
  const isTagged = name === undefined && description === undefined
  return {
    action: isTagged ? 'instance.tag' : 'instance.rename',
    kind: isTagged ? 'instance.tagged' : 'instance.renamed',
    message: labelWords(before.name, labels),
    detail: {
      before: { name: before.name, description: before.description, ...(tags && { tags: before.tags }) },
      after: labels,
    },
  }
}

function labelWords(before: string, { name, description }: Labels): string {
  if (name !== undefined) return `Renamed from ${before} to ${name}`
  return description === undefined ? 'Tags changed' : 'Remark changed'
}

function restatedStory(before: Instance, { spec, features: said }: Restated): Story {
  const { instanceConfigs: _values, ...features } = said
  const { security, ...were } = before.features
  const told = { ...were, ...(security && { security: withoutOwnCertificates(security) }) }
  return {
    action: 'instance.restate',
    kind: 'instance.restated',
    message: 'Described in other words; nothing else changed',
    detail: {
      before: { spec: those(before.spec, spec), features: those(told, features) },
      after: { spec, features },
    },
  }
}

/** As they were, the fields that are named; null: not said before. */
const those = (were: object, named: object) =>
  Object.fromEntries(Object.keys(named).map((field) => [field, were[field as keyof typeof were] ?? null]))

type Told = Story & { id: InstanceId; actor: Actor }

async function record(tx: Tx, context: ServiceContext, { id, actor, ...story }: Told): Promise<void> {
  const { action, kind, message, detail } = story
  const { environmentId } = context
  const about = { environmentId, instanceId: id, operationId: null, createdAt: context.now() }
  await insertAuditEvent(tx, { ...about, action, actor, detail })
  await insertEvent(tx, { ...about, kind, message })
}
