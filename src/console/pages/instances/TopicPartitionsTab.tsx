import { Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Partition } from '../../api-types.ts'
import classes from '../../components/HoldingTable.module.css'
import { recordsIn } from '../../components/TopicTiles.tsx'
import { formatBytes, formatCount } from '../../format.ts'
import { paths } from '../../paths.ts'
import { holdingQueries } from '../../queries-holdings.ts'
import { Amount } from '../../ui/Amount.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { Pager } from '../../ui/Pager.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { Standing } from '../../ui/Standing.tsx'
import { SkeletonRows } from '../../ui/TableParts.tsx'
import parts from '../../ui/TableParts.module.css'
import { WideTable } from '../../ui/WideTable.tsx'
import type { Tone } from '../../words.ts'

const pageSize = 100

/** Who leads and who keeps each partition, how far it goes and how much it takes. */
export function PartitionsTab({ instanceId, topicId }: { instanceId: string; topicId: string }) {
  const { page = 1 } = useSearch({ from: '/shell/instances/$instanceId/topics/$topicId' })
  const navigate = useNavigate({ from: paths.topic })
  const { data, error, refetch } = useQuery(holdingQueries.partitions(instanceId, topicId))
  if (error && !data) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  const all = data?.list ?? []
  return (
    <Sheet>
      <WideTable label="Partitions of the topic" minWidth={760}>
        <Table className={`${parts.table} ${classes.table}`} verticalSpacing={8} aria-label="Partitions">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Partition</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Leader</Table.Th>
              <Table.Th>Replicas on nodes</Table.Th>
              <Table.Th ta="right">First offset</Table.Th>
              <Table.Th ta="right">Next offset</Table.Th>
              <Table.Th ta="right">Records</Table.Th>
              <Table.Th ta="right">Size</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data ? (
              all
                .slice((page - 1) * pageSize, page * pageSize)
                .map((partition) => <PartitionRow key={partition.partition} partition={partition} />)
            ) : (
              <SkeletonRows columns={8} words="Asking the leaders of the partitions…" />
            )}
          </Table.Tbody>
        </Table>
      </WideTable>
      {all.length > pageSize && (
        <Pager
          page={page}
          size={pageSize}
          total={all.length}
          totalPages={Math.ceil(all.length / pageSize)}
          onPage={(next) => void navigate({ search: { page: next }, replace: true })}
        />
      )}
    </Sheet>
  )
}

function PartitionRow({ partition }: { partition: Partition }) {
  const { leader, startOffset, endOffset, size } = partition
  return (
    <Table.Tr>
      <Table.Td fw={600} className="num">
        {partition.partition}
      </Table.Td>
      <Table.Td className={classes.short!}>
        <Standing {...wordsOf(partition)} />
      </Table.Td>
      <Table.Td className={classes.short!}>
        {leader === null ? <span className={classes.quiet}>nobody</span> : `Node ${leader}`}
      </Table.Td>
      <Table.Td>
        <Replicas partition={partition} />
      </Table.Td>
      <Table.Td ta="right">
        <Amount of={startOffset} as={formatCount} />
      </Table.Td>
      <Table.Td ta="right">
        <Amount of={endOffset} as={formatCount} />
      </Table.Td>
      <Table.Td ta="right">
        <Amount of={recordsIn(partition)} as={formatCount} />
      </Table.Td>
      <Table.Td ta="right" className={classes.short!}>
        <Amount of={size} as={formatBytes} />
      </Table.Td>
    </Table.Tr>
  )
}

function wordsOf({ leader, replicas, inSync }: Partition): { label: string; tone: Tone } {
  if (leader === null) return { label: 'Offline', tone: 'bad' }
  if (inSync.length === replicas.length) return { label: 'In sync', tone: 'good' }
  return { label: `${inSync.length} of ${replicas.length} in sync`, tone: 'warn' }
}

/** Those that are behind or away are told apart, not by colour alone. */
function Replicas({ partition: { replicas, inSync } }: { partition: Partition }) {
  const behind = replicas.filter((kafkaId) => !inSync.includes(kafkaId))
  return (
    <span className="num">
      {replicas.join(', ')}
      {behind.length > 0 && <span className={classes.note}>{behind.join(', ')} behind or away</span>}
    </span>
  )
}
