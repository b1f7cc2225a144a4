import type { InstanceId } from '../../domain/id.ts'
import type { Topic } from '../../kafka/resources.ts'
import type { ServiceContext } from '../context.ts'

/** Puts a topic that was just changed into the list that pages show. What a look at one topic does not tell comes with the next. */
export function rememberTopic({ topicCache }: ServiceContext, instanceId: InstanceId, topic: Topic): void {
  const { id, name, partitions, configs } = topic
  const retention = configs['retention.ms']
  topicCache.put(instanceId, {
    id,
    name,
    partitions: partitions.length,
    replicationFactor: Math.max(0, ...partitions.map(({ replicas }) => replicas.length)),
    underReplicated: partitions.filter(({ replicas, inSync }) => inSync.length < replicas.length).length,
    offline: partitions.filter(({ leader }) => leader < 0).length,
    bytes: null,
    endOffsets: null,
    retentionMs: retention === undefined ? null : Number(retention),
    cleanupPolicy: configs['cleanup.policy'] ?? null,
  })
}
