import { Anchor, Group, Table } from '@mantine/core'
import { IconKey, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { KafkaUser } from '../api-types.ts'
import type { UserSort } from '../holding-search.ts'
import { paths } from '../paths.ts'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import { SkeletonRows, SortHead } from '../ui/TableParts.tsx'
import parts from '../ui/TableParts.module.css'
import classes from './HoldingTable.module.css'

type UserTableProps = {
  instanceId: string
  users: KafkaUser[] | undefined
  sort: { by: UserSort; desc: boolean }
  onSort: (by: UserSort, desc: boolean) => void
  why: string | undefined
  onRotate: (user: string) => void
  onDelete: (user: string) => void
}

export function UserTable({ instanceId, users, sort, onSort, why, onRotate, onDelete }: UserTableProps) {
  const button = { size: 'compact-sm', variant: 'default', allowed: !why, why } as const
  return (
    <Table className={parts.table!} verticalSpacing={9} highlightOnHover aria-label="Users">
      <Table.Thead>
        <Table.Tr>
          <SortHead name="name" label="User" sort={sort} onSort={onSort} />
          <Table.Th visibleFrom="sm">Signs in with</Table.Th>
          <Table.Th visibleFrom="sm">Access</Table.Th>
          <Table.Th>
            <span className={classes.hidden}>Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users ? (
          users.map(({ name, supportedSaslMechanisms }) => (
            <Table.Tr key={name}>
              <Table.Td className={`${classes.wrap} ${classes.strong}`}>{name}</Table.Td>
              <Table.Td visibleFrom="sm">{supportedSaslMechanisms.join(', ')}</Table.Td>
              <Table.Td visibleFrom="sm">
                <Anchor
                  size="sm"
                  aria-label={`Access rules of ${name}`}
                  renderRoot={(props) => (
                    <Link to={paths.instance} params={{ instanceId }} search={{ tab: 'acls', user: name }} {...props} />
                  )}
                >
                  Access rules
                </Anchor>
              </Table.Td>
              <Table.Td>
                <Group gap="xs" justify="flex-end">
                  <ReasonedButton
                    {...button}
                    leftSection={<IconKey size={14} aria-hidden />}
                    aria-label={`Rotate the password of ${name}`}
                    onClick={() => onRotate(name)}
                  >
                    Rotate
                  </ReasonedButton>
                  <ReasonedButton
                    {...button}
                    leftSection={<IconTrash size={14} aria-hidden />}
                    aria-label={`Delete ${name}`}
                    onClick={() => onDelete(name)}
                  >
                    Delete
                  </ReasonedButton>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))
        ) : (
          <SkeletonRows columns={4} words="Asking Kafka for its users…" />
        )}
      </Table.Tbody>
    </Table>
  )
}
