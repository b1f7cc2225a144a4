import { AppError, type FieldProblem } from '../../domain/errors.ts'
import type { Actor } from '../../domain/permission.ts'
import type { InstanceId } from '../../domain/id.ts'
import {
  growthProblem,
  isInternalTopic,
  isLeftToStrategy,
  partitionProblem,
  repeatedKeys,
  topicNameProblem,
  withStrategy,
  type TopicConfigs,
} from '../../domain/topic.ts'
import type { ClusterResources, Topic } from '../../kafka/resources.ts'
import { changeInKafka } from '../cluster/change-in-kafka.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import type { Once, ServiceContext } from '../context.ts'
import { getTopic } from './read-topics.ts'
import { withFields } from './refused-fields.ts'
import { rememberTopic } from './remember-topic.ts'

/** What is done to topics at once, while the caller waits. */
export type TopicRequest = { instanceId: InstanceId; topicId: string; actor: Actor; once?: Once | undefined }

export type TopicWish = {
  instanceId: InstanceId
  actor: Actor
  once: Once | undefined
  name: string
  partitions: number
  replicationFactor?: number | undefined
  configs: TopicConfigs
  /** Another way to say `cleanup.policy`. */
  strategy: string | undefined
}

export type Changed = { topic: Topic; isRepeat: boolean }

export async function createTopic(context: ServiceContext, wish: TopicWish): Promise<Changed> {
  const { instanceId, actor, once, strategy, ...asked } = wish
  refuse('Topic.Invalid', [
    ['name', topicNameProblem(asked.name)],
    ['partition', partitionProblem(asked.partitions)],
  ])
  const cluster = await openCluster(context, instanceId)
  const topic = { ...asked, configs: await configsOf(cluster, asked.configs, strategy) }
  // Tried first: what Kafka would refuse is no deed, and leaves no line in the audit.
  const keys = Object.keys(topic.configs)
  if (!once) await withFields(keys, cluster.createTopic(topic, { validateOnly: true }))
  const change = { instanceId, actor, once, action: 'topic.create', subject: topic.name, after: topic }
  const { isRepeat } = await changeInKafka(context, change, async (isAgain) => {
    if (isAgain && (await cluster.findTopic({ name: topic.name }))) return
    await withFields(keys, cluster.createTopic(topic))
  })
  const made = await cluster.findTopic({ name: topic.name })
  if (!made)
    throw new AppError('unavailable', 'Topic.NotSeenYet', 'The topic is made, and a node does not show it yet.')
  rememberTopic(context, instanceId, made)
  return { topic: made, isRepeat }
}

async function configsOf(
  cluster: ClusterResources,
  configs: TopicConfigs,
  strategy: string | undefined,
): Promise<TopicConfigs> {
  if (!isLeftToStrategy(configs, strategy)) return configs
  return withStrategy(configs, strategy, await cluster.usualCleanupPolicy())
}

export async function growTopic(
  context: ServiceContext,
  request: TopicRequest & { partitions: number },
): Promise<Changed> {
  const { cluster, topic } = await ownTopic(context, request)
  const before = topic.partitions.length
  const { partitions } = request
  refuse('Topic.Invalid', [['partition', growthProblem(before, partitions)]])
  // Asked again after a lost answer, there is nothing left to do.
  if (partitions === before && !request.once) return { topic, isRepeat: false }
  const change = { ...about(request, topic, 'topic.grow'), before: { partitions: before }, after: { partitions } }
  const { isRepeat } = await changeInKafka(context, change, async () => {
    if (partitions > before) await cluster.growTopic(topic.name, partitions)
  })
  return { topic: await readAgain(context, cluster, request), isRepeat }
}

/** Null: back to what holds for all topics. What is not named stays. */
export type ConfigWish = { key: string; value: string | null }[]

export async function configureTopic(
  context: ServiceContext,
  request: TopicRequest & { configs: ConfigWish },
): Promise<Changed> {
  refuseFields('Topic.Invalid', repeatedKeys(request.configs))
  const { cluster, topic } = await ownTopic(context, request)
  const set = Object.fromEntries(request.configs.flatMap(({ key, value }) => (value === null ? [] : [[key, value]])))
  const remove = request.configs.filter(({ value }) => value === null).map(({ key }) => key)
  const keys = request.configs.map(({ key }) => key)
  await withFields(keys, cluster.alterTopic(topic.name, { set, remove }, { validateOnly: true }))
  const after = Object.fromEntries(request.configs.map(({ key, value }) => [key, value]))
  const own = new Map(Object.entries(topic.configs))
  const before = Object.fromEntries(request.configs.map(({ key }) => [key, own.get(key) ?? null]))
  const change = { ...about(request, topic, 'topic.configure'), before, after }
  const { isRepeat } = await changeInKafka(context, change, () => cluster.alterTopic(topic.name, { set, remove }))
  return { topic: await readAgain(context, cluster, request), isRepeat }
}

/** Gone already is success. */
export async function deleteTopic(context: ServiceContext, request: TopicRequest): Promise<void> {
  const cluster = await openCluster(context, request.instanceId)
  const topic = await cluster.findTopic({ id: request.topicId })
  if (!topic) return
  refuseInternal(topic.name)
  const before = { partitions: topic.partitions.length, configs: topic.configs }
  const change = { ...about(request, topic, 'topic.delete'), before }
  await changeInKafka(context, change, () => cluster.deleteTopic(topic.id))
  context.topicCache.drop(request.instanceId, topic.name)
}

const about = ({ instanceId, actor, once }: TopicRequest, { name }: Topic, action: string) => ({
  instanceId,
  actor,
  once,
  action,
  subject: name,
})

async function ownTopic(context: ServiceContext, { instanceId, topicId }: TopicRequest) {
  const cluster = await openCluster(context, instanceId)
  const topic = await getTopic(cluster, topicId)
  refuseInternal(topic.name)
  return { cluster, topic }
}

function refuseInternal(name: string): void {
  if (!isInternalTopic(name)) return
  const message = `The topic ${name} belongs to Kafka or to Millrace: it can be looked at, and not changed here.`
  throw new AppError('invalid', 'Topic.Internal', message)
}

async function readAgain(context: ServiceContext, cluster: ClusterResources, { instanceId, topicId }: TopicRequest) {
  const topic = await getTopic(cluster, topicId)
  rememberTopic(context, instanceId, topic)
  return topic
}

function refuse(code: string, problems: [string, string | undefined][]): void {
  const fields: FieldProblem[] = problems.flatMap(([path, message]) => (message ? [{ path, message }] : []))
  refuseFields(code, fields)
}

function refuseFields(code: string, fields: FieldProblem[]): void {
  if (fields[0]) throw new AppError('invalid', code, fields[0].message, { fields })
}
