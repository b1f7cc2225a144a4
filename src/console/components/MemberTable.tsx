import { Button, Table } from '@mantine/core'
import { useNow } from '../clock.ts'
import type { MemberAccount } from '../api-types.ts'
import { Standing } from '../ui/Standing.tsx'
import { SkeletonRows } from '../ui/TableParts.tsx'
import parts from '../ui/TableParts.module.css'
import { TimeAgo } from '../ui/TimeAgo.tsx'
import classes from './HoldingTable.module.css'
import { invitedStory, memberStanding, memberWords } from './member-words.ts'
import { roleWords } from './role-words.ts'

type MemberTableProps = {
  members: MemberAccount[] | undefined
  self: string | undefined
  onManage: (member: MemberAccount) => void
}

export function MemberTable({ members, self, onManage }: MemberTableProps) {
  return (
    <Table className={`${parts.table} ${classes.table}`} verticalSpacing={10} highlightOnHover aria-label="Members">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Member</Table.Th>
          <Table.Th visibleFrom="sm">Role</Table.Th>
          <Table.Th visibleFrom="sm">Last sign-in</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>
            <span className={classes.hidden}>Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {members ? (
          members.map((member) => (
            <MemberRow
              key={member.memberId}
              member={member}
              isSelf={member.memberId === self}
              onManage={() => onManage(member)}
            />
          ))
        ) : (
          <SkeletonRows columns={5} words="Reading the members…" />
        )}
      </Table.Tbody>
    </Table>
  )
}

type MemberRowProps = { member: MemberAccount; isSelf: boolean; onManage: () => void }

function MemberRow({ member, isSelf, onManage }: MemberRowProps) {
  const standing = memberStanding(member, useNow())
  const words = memberWords[standing]
  const until = invitedStory(member)
  const { label } = roleWords[member.role]
  return (
    <Table.Tr>
      <Table.Td className={classes.wrap!}>
        <span className={classes.strong}>{member.name}</span>
        {isSelf && <span className={classes.quiet}> (you)</span>}
        <span className={classes.narrow}>{label}</span>
      </Table.Td>
      <Table.Td visibleFrom="sm">{label}</Table.Td>
      <Table.Td visibleFrom="sm">
        {member.lastSignedInAt ? <TimeAgo at={member.lastSignedInAt} /> : <span className={classes.quiet}>never</span>}
      </Table.Td>
      <Table.Td>
        <Standing {...words} meaning={until ? `${words.meaning} Good until ${until}.` : words.meaning} />
      </Table.Td>
      <Table.Td ta="right">
        <Button size="compact-sm" variant="default" aria-label={`Manage ${member.name}`} onClick={onManage}>
          Manage
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}
