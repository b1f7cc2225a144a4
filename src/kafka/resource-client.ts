import type { Seat } from '../domain/move-plan.ts'
import { createAcls, deleteAcls, listAcls } from './acls.ts'
import type { BrokerEndpoint } from './cluster.ts'
import { findGroup, listGroups } from './consumer-groups.ts'
import { commitOffsets, deleteGroup, groupOffsets } from './group-offsets.ts'
import { groupStandings } from './group-standings.ts'
import { offsetsAt } from './offsets.ts'
import type { ClusterResources } from './resources.ts'
import { alterTopic, createTopic, deleteTopic, growTopic } from './topic-changes.ts'
import { describeTopicSettings, usualCleanupPolicy } from './topic-settings.ts'
import { describePartitions, findTopic, listTopics } from './topics.ts'
import { deleteUser, listUsers, putUser } from './users.ts'

/** What a real cluster holds, over Kafka's own protocol. */
export const clusterResources = (brokers: BrokerEndpoint[], seats?: Seat[]): ClusterResources => ({
  listTopics: (options) => listTopics(brokers, options),
  findTopic: (by) => findTopic(brokers, by),
  describePartitions: (topic) => describePartitions(brokers, topic),
  describeTopicSettings: (topic) => describeTopicSettings(brokers, topic),
  usualCleanupPolicy: () => usualCleanupPolicy(brokers),
  createTopic: (topic, options) => createTopic(brokers, topic, { ...options, seats }),
  growTopic: (topic, partitions) => growTopic(brokers, topic, { partitions, seats }),
  alterTopic: (topic, alteration, options) => alterTopic(brokers, { topic, ...alteration, ...options }),
  deleteTopic: (topicId) => deleteTopic(brokers, topicId),
  listUsers: () => listUsers(brokers),
  putUser: (user, random) => putUser(brokers, user, random),
  deleteUser: (name) => deleteUser(brokers, name),
  listAcls: () => listAcls(brokers),
  createAcls: (entries) => createAcls(brokers, entries),
  deleteAcls: (entries) => deleteAcls(brokers, entries),
  listGroups: () => listGroups(brokers),
  groupStandings: (groups) => groupStandings(brokers, groups),
  findGroup: (groupId) => findGroup(brokers, groupId),
  groupOffsets: (groupId) => groupOffsets(brokers, groupId),
  offsetsAt: (partitions, at) => offsetsAt(brokers, partitions, at),
  commitOffsets: (groupId, offsets) => commitOffsets(brokers, groupId, offsets),
  deleteGroup: (groupId) => deleteGroup(brokers, groupId),
})
