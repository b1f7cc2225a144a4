import { Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ListedGroup } from '../api-types.ts'
import { formatCount, plural } from '../format.ts'
import { paths } from '../paths.ts'
import { Amount } from '../ui/Amount.tsx'
import { Standing } from '../ui/Standing.tsx'
import { SkeletonRows } from '../ui/TableParts.tsx'
import parts from '../ui/TableParts.module.css'
import { groupStateWords, groupTypeWords } from './group-words.ts'
import classes from './HoldingTable.module.css'

export function GroupTable({ instanceId, groups }: { instanceId: string; groups: ListedGroup[] | undefined }) {
  return (
    <Table
      className={`${parts.table} ${classes.table}`}
      verticalSpacing={9}
      highlightOnHover
      aria-label="Consumer groups"
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Group</Table.Th>
          <Table.Th className={classes.stateHead!}>State</Table.Th>
          <Table.Th visibleFrom="sm" ta="right">
            Members
          </Table.Th>
          <Table.Th visibleFrom="sm" ta="right">
            Lag
          </Table.Th>
          <Table.Th visibleFrom="md">Kind</Table.Th>
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
          {memberCount !== null && plural(memberCount, 'member')}
          {lag !== null && `, lag ${formatCount(lag)}`}
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
