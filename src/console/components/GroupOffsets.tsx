import { Anchor, Table, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { hasOffsets } from '../../domain/consumer-group.ts'
import type { Group, GroupOffset } from '../api-types.ts'
import { formatCount } from '../format.ts'
import { paths } from '../paths.ts'
import { Amount } from '../ui/Amount.tsx'
import { Pager } from '../ui/Pager.tsx'
import { Panel } from '../ui/Panel.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import parts from '../ui/TableParts.module.css'
import { WideTable } from '../ui/WideTable.tsx'
import classes from './HoldingTable.module.css'

const pageSize = 100

/** Where the group stands in each partition, and how far behind. */
export function GroupOffsets({ group }: { group: Group }) {
  const { keyword = '', page = 1 } = useSearch({ from: '/shell/instances/$instanceId/group' })
  const navigate = useNavigate({ from: paths.group })
  const look = (next: { keyword?: string; page?: number }) =>
    void navigate({ search: { groupId: group.groupId, keyword, ...next }, replace: true })
  const found = group.offsets.filter(({ topic }) => topic.includes(keyword))
  if (group.offsets.length === 0) {
    return (
      <Panel title="Lag by partition">
        <Text size="sm" c="dimmed">
          {hasOffsets(group)
            ? 'It has not told Kafka yet how far it has read.'
            : 'A share group hands out records one by one, and is not behind in the way of others.'}
        </Text>
      </Panel>
    )
  }
  const isLong = group.offsets.length > 20
  return (
    <Panel
      title="Lag by partition"
      isFlush
      aside={
        isLong && <SearchField label="Search topics" keyword={keyword} onFind={(next) => look({ keyword: next })} />
      }
    >
      <WideTable label="Offsets of the group" minWidth={600}>
        <Table className={parts.table!} verticalSpacing={8} aria-label="Lag by partition">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Topic</Table.Th>
              <Table.Th ta="right">Partition</Table.Th>
              <Table.Th ta="right">Lag</Table.Th>
              <Table.Th className={classes.apart!}>Read by</Table.Th>
              <Table.Th ta="right">Committed</Table.Th>
              <Table.Th ta="right">Next offset</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.slice((page - 1) * pageSize, page * pageSize).map((offset) => (
              <OffsetRow
                key={`${offset.topic} ${offset.partition}`}
                offset={offset}
                client={group.members?.find(({ memberId }) => memberId === offset.memberId)?.clientId}
              />
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {found.length === 0 && <NoMatch keyword={keyword} onClear={() => look({ keyword: '' })} />}
      {found.length > pageSize && (
        <Pager
          page={page}
          size={pageSize}
          total={found.length}
          totalPages={Math.ceil(found.length / pageSize)}
          onPage={(next) => look({ page: next })}
        />
      )}
    </Panel>
  )
}

function OffsetRow({ offset, client }: { offset: GroupOffset; client: string | undefined }) {
  const { topic, partition, committedOffset, endOffset, lag } = offset
  return (
    <Table.Tr>
      <Table.Td className={classes.wrap!} fw={600}>
        {topic}
      </Table.Td>
      <Table.Td ta="right" className="num">
        {partition}
      </Table.Td>
      <Table.Td ta="right" fw={lag ? 600 : 400}>
        <Amount of={lag} as={formatCount} />
      </Table.Td>
      <Table.Td className={`${classes.wrap} ${classes.apart}`}>
        {client ?? <span className={classes.quiet}>nobody</span>}
      </Table.Td>
      <Table.Td ta="right">
        {committedOffset === null ? (
          <span className={classes.quiet}>none yet</span>
        ) : (
          <Amount of={committedOffset} as={formatCount} />
        )}
      </Table.Td>
      <Table.Td ta="right">
        <Amount of={endOffset} as={formatCount} />
      </Table.Td>
    </Table.Tr>
  )
}

function NoMatch({ keyword, onClear }: { keyword: string; onClear: () => void }) {
  return (
    <Text size="sm" p="lg" c="dimmed">
      It reads no topic with “{keyword}” in its name.{' '}
      <Anchor component="button" type="button" size="sm" onClick={onClear}>
        Show all
      </Anchor>
    </Text>
  )
}
