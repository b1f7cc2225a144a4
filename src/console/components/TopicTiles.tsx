import { useQuery } from '@tanstack/react-query'
import type { Partition, Topic } from '../api-types.ts'
import { formatBytes, formatCount } from '../format.ts'
import { holdingQueries } from '../queries-holdings.ts'
import { Amount } from '../ui/Amount.tsx'
import { Tiles } from '../ui/Tiles.tsx'
import { retentionWords } from './topic-words.ts'

/** What a topic amounts to, from its partitions and settings. */
export function TopicTiles({ instanceId, topic }: { instanceId: string; topic: Topic }) {
  const partitions = useQuery(holdingQueries.partitions(instanceId, topic.topicId))
  const settings = useQuery(holdingQueries.topicSettings(instanceId, topic.topicId))
  const list = partitions.data?.list
  const valueOf = (key: string) => settings.data?.list.find((setting) => setting.key === key)?.value ?? null
  const retention = valueOf('retention.ms')
  const kept =
    retention === null
      ? null
      : retentionWords({ retentionMs: Number(retention), cleanupPolicy: valueOf('cleanup.policy') })
  return (
    <Tiles
      label="The topic in numbers"
      tiles={[
        ['Partitions', formatCount(topic.partition)],
        ['Copies of each', formatCount(topic.replicationFactor)],
        ['Records', <Amount key="records" of={sumOf(list, recordsIn)} as={formatCount} />],
        ['Size of one copy', <Amount key="size" of={sumOf(list, ({ size }) => size)} as={formatBytes} />],
        ['Kept', <Amount key="kept" of={kept} as={(words) => words} />],
      ]}
    />
  )
}

export const recordsIn = ({ startOffset, endOffset }: Partition): number | null =>
  startOffset === null || endOffset === null ? null : endOffset - startOffset

/** Null: of one of them it is not known. */
function sumOf(list: Partition[] | undefined, measure: (partition: Partition) => number | null): number | null {
  if (!list) return null
  return list.reduce<number | null>((sum, partition) => {
    const own = measure(partition)
    return sum === null || own === null ? null : sum + own
  }, 0)
}
