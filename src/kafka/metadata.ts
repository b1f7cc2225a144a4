import { metadataV12 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { responseOf } from './broker-connection.ts'

/** Topics with their partitions, as one broker knows them. A partition without a leader is no error: it has leader -1. */
export type Topic = metadataV12.MetadataResponseTopic
export type Partition = metadataV12.MetadataResponsePartition

/** The named topics, or all; one that does not exist comes without partitions. */
export async function fetchTopics(connection: Connection, names: string[] | null): Promise<Topic[]> {
  const asked = metadataV12.api.async(connection, names, false, false)
  const answer = await asked.catch((error: unknown) => responseOf(error) as metadataV12.MetadataResponse)
  return answer.topics
}
