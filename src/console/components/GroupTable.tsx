import { Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ListedGroup } from '../api-types.ts'
import { formatCount, plural } from '../format.ts'
import type { GroupSort } from '../holding-search.ts'
import { paths } from '../paths.ts'
import { Amount } from '../ui/Amount.tsx'
import { Standing } from '../ui/Standing.tsx'
import { SkeletonRows, SortHead } from '../ui/TableParts.tsx'
import parts from '../ui/TableParts.module.css'
import { groupStateWords, groupTypeWords } from './group-words.ts'
import classes from './HoldingTable.module.css'

type GroupTableProps = {
  instanceId: string
  groups: ListedGroup[] | undefined
  sort: { by: GroupSort; desc: boolean }
  onSort: (by: GroupSort, desc: boolean) => void
}

export function GroupTable({ instanceId, groups, sort, onSort }: GroupTableProps) {
  const head = { sort, onSort }
  return (
    <Table
      className={`${parts.table} ${classes.table}`}
      verticalSpacing={9}
      highlightOnHover
      aria-label="Consumer groups"
    >
      <Table.Thead>
        <Table.Tr>
          <SortHead name="name" label="Group" {...head} />
          <SortHead name="state" label="State" {...head} />
          <SortHead name="members" label="Members" {...head} visibleFrom="sm" align="right" />
          <SortHead name="lag" label="Lag" {...head} visibleFrom="sm" align="right" />
          <SortHead name="type" label="Kind" {...head} visibleFrom="md" />
          <Table.Th visibleFrom="md">Looked after by</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups ? (
          groups.map((group) => <GroupRow key={group.groupId} instanceId={instanceId} group={group} />)
        ) : (
          <SkeletonRows columns={6} words="Asking Kafka for its groups…" />
        )}
      </Table.Tbody>
    </Table>
  )
}

function GroupRow({ instanceId, group }: { instanceId: string; group: ListedGroup }) {
  const { groupId, state, type, coordinator, memberCount, lag } = group
  return (
    <Table.Tr>
      <Table.Td className={classes.nameCell!}>
        <Link to={paths.group} params={{ instanceId }} search={{ groupId }} className={classes.name} title={groupId}>
          {groupId}
        </Link>
        <span className={classes.narrow}>
          {[memberCount !== null && plural(memberCount, 'member'), lag !== null && `lag ${formatCount(lag)}`]
            .filter(Boolean)
            .join(', ')}
        </span>
      </Table.Td>
      <Table.Td>
        <Standing {...groupStateWords(state)} />
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right">
        <Amount of={memberCount} as={formatCount} />
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right">
        <Amount of={lag} as={formatCount} />
      </Table.Td>
      <Table.Td visibleFrom="md">{groupTypeWords(type)}</Table.Td>
      <Table.Td visibleFrom="md">Node {coordinator}</Table.Td>
    </Table.Tr>
  )
}
