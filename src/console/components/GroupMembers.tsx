import { Table, Text } from '@mantine/core'
import type { GroupMember } from '../api-types.ts'
import { formatCount } from '../format.ts'
import { Panel } from '../ui/Panel.tsx'
import parts from '../ui/TableParts.module.css'
import { WideTable } from '../ui/WideTable.tsx'
import { rangesOf } from './partition-ranges.ts'
import classes from './HoldingTable.module.css'

/** Who reads now, from where, and which partitions each was given. */
export function GroupMembers({ members }: { members: GroupMember[] | null }) {
  if (members === null) {
    return (
      <Panel title="Members">
        <Text size="sm" c="dimmed">
          Members of groups of this kind are not shown here: Kafka tells of them in another way.
        </Text>
      </Panel>
    )
  }
  if (members.length === 0) {
    return (
      <Panel title="Members">
        <Text size="sm" c="dimmed">
          Nobody reads now. Where the group stands is kept, and can be moved.
        </Text>
      </Panel>
    )
  }
  return (
    <Panel title="Members" aside={<span className={classes.quiet}>{formatCount(members.length)}</span>} isFlush>
      <WideTable label="Members of the group" minWidth={640}>
        <Table className={parts.table!} verticalSpacing={9} aria-label="Members">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Client</Table.Th>
              <Table.Th>From</Table.Th>
              <Table.Th>Reads</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {members.map((member) => (
              <Table.Tr key={member.memberId}>
                <Table.Td className={classes.nameCell!}>
                  <span className={classes.name}>{member.clientId}</span>
                  <span className={`mono ${classes.note}`} title={member.memberId}>
                    {member.instanceId ?? member.memberId}
                  </span>
                </Table.Td>
                <Table.Td className={classes.short!}>{member.host}</Table.Td>
                <Table.Td className={classes.wrap!}>
                  <Assignments member={member} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Panel>
  )
}

function Assignments({ member: { assignments } }: { member: GroupMember }) {
  if (assignments.length === 0) return <span className={classes.quiet}>nothing now</span>
  return assignments.map(({ topic, partitions }) => (
    <div key={topic}>
      {topic} <span className={`num ${classes.quiet}`}>{rangesOf(partitions)}</span>
    </div>
  ))
}
