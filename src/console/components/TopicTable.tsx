import { Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { isInternalTopic } from '../../domain/topic.ts'
import type { ListedTopic } from '../api-types.ts'
import { formatBytes, formatCount, plural } from '../format.ts'
import type { TopicSort } from '../holding-search.ts'
import { paths } from '../paths.ts'
import { Amount } from '../ui/Amount.tsx'
import { Standing } from '../ui/Standing.tsx'
import { SkeletonRows, SortHead } from '../ui/TableParts.tsx'
import parts from '../ui/TableParts.module.css'
import { formatRate, replicaWords, retentionWords } from './topic-words.ts'
import classes from './HoldingTable.module.css'

type TopicTableProps = {
  instanceId: string
  topics: ListedTopic[] | undefined
  sort: { by: TopicSort; desc: boolean }
  onSort: (by: TopicSort, desc: boolean) => void
}

/** On narrow screens the columns fall away from the right; the name and what is wrong stay. */
export function TopicTable({ instanceId, topics, sort, onSort }: TopicTableProps) {
  const head = { sort, onSort }
  return (
    <Table className={`${parts.table} ${classes.table}`} verticalSpacing={9} highlightOnHover aria-label="Topics">
      <Table.Thead>
        <Table.Tr>
          <SortHead name="name" label="Topic" {...head} />
          <SortHead name="underReplicated" label="Replicas" {...head} />
          <SortHead name="partition" label="Partitions" {...head} visibleFrom="sm" align="right" />
          <SortHead name="replicationFactor" label="Copies" {...head} visibleFrom="lg" align="right" />
          <SortHead name="messagesPerSecond" label="Messages/s" {...head} visibleFrom="md" align="right" />
          <SortHead name="size" label="Size" {...head} visibleFrom="sm" align="right" />
          <SortHead name="retentionMs" label="Kept" {...head} visibleFrom="md" align="right" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {topics ? (
          topics.map((topic) => <TopicRow key={topic.topicId} instanceId={instanceId} topic={topic} />)
        ) : (
          <SkeletonRows columns={7} words="Asking Kafka for its topics…" />
        )}
      </Table.Tbody>
    </Table>
  )
}

function TopicRow({ instanceId, topic }: { instanceId: string; topic: ListedTopic }) {
  return (
    <Table.Tr>
      <Table.Td className={classes.nameCell!}>
        <Link
          to={paths.topic}
          params={{ instanceId, topicId: topic.topicId }}
          className={classes.name}
          title={topic.name}
        >
          {topic.name}
        </Link>
        {isInternalTopic(topic.name) && <span className={classes.note}>internal</span>}
        <span className={classes.narrow}>
          {plural(topic.partition, 'partition')}
          {topic.size !== null && `, ${formatBytes(topic.size)}`}
        </span>
      </Table.Td>
      <Table.Td className={classes.stateCell!}>
        <Standing {...replicaWords(topic)} />
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right" className="num">
        {formatCount(topic.partition)}
      </Table.Td>
      <Table.Td visibleFrom="lg" ta="right" className="num">
        {topic.replicationFactor}
      </Table.Td>
      <Table.Td visibleFrom="md" ta="right">
        <Amount of={topic.messagesPerSecond} as={formatRate} />
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right" className={classes.short!}>
        <Amount of={topic.size} as={formatBytes} />
      </Table.Td>
      <Table.Td visibleFrom="md" ta="right" className={classes.short!}>
        <Amount of={retentionWords(topic)} as={(words) => words} />
      </Table.Td>
    </Table.Tr>
  )
}
