import { ActionIcon, Table, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import type { AclSort } from '../../domain/acl-search.ts'
import type { AclBinding } from '../api-types.ts'
import { Standing } from '../ui/Standing.tsx'
import { SkeletonRows, SortHead } from '../ui/TableParts.tsx'
import parts from '../ui/TableParts.module.css'
import { bindingSentence, targetOf, userWords } from './acl-words.ts'
import classes from './AclTable.module.css'
import shared from './HoldingTable.module.css'

type AclTableProps = {
  rules: AclBinding[] | undefined
  sort: { by: AclSort; desc: boolean }
  onSort: (by: AclSort, desc: boolean) => void
  why: string | undefined
  onDelete: (rule: AclBinding) => void
}

/** Who may do what on what, with what of each group of operations is there and what is not. */
export function AclTable({ rules, sort, onSort, why, onDelete }: AclTableProps) {
  const head = { sort, onSort }
  return (
    <Table className={`${parts.table} ${shared.table}`} verticalSpacing={9} highlightOnHover aria-label="Access rules">
      <Table.Thead>
        <Table.Tr>
          <SortHead name="user" label="User" {...head} className={classes.userHead!} />
          <SortHead name="group" label="May" {...head} />
          <SortHead name="resourceName" label="On" {...head} visibleFrom="sm" />
          <Table.Th visibleFrom="md">From</Table.Th>
          <Table.Th w={56}>
            <span className={shared.hidden}>Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rules ? (
          rules.map((rule) => <AclRow key={keyOf(rule)} rule={rule} why={why} onDelete={() => onDelete(rule)} />)
        ) : (
          <SkeletonRows columns={5} words="Asking Kafka for its rules…" />
        )}
      </Table.Tbody>
    </Table>
  )
}

const keyOf = (rule: AclBinding): string => `${rule.accessControl.user} ${bindingSentence(rule)}`

function AclRow({ rule, why, onDelete }: { rule: AclBinding; why: string | undefined; onDelete: () => void }) {
  const { user, host, operationGroup, permissionType } = rule.accessControl
  return (
    <Table.Tr>
      <Table.Td className={`${shared.wrap} ${classes.user}`}>{userWords(user)}</Table.Td>
      <Table.Td>
        <div className={classes.grant}>
          {permissionType === 'DENY' ? (
            <Standing label="Denied" tone="bad" />
          ) : (
            <Standing label="Allowed" tone="good" />
          )}
          <span className={classes.group}>{operationGroup.name}</span>
        </div>
        <Operations group={operationGroup} />
        <span className={classes.target}>on {targetOf(rule)}</span>
      </Table.Td>
      <Table.Td visibleFrom="sm" className={shared.wrap!}>
        {targetOf(rule)}
      </Table.Td>
      <Table.Td visibleFrom="md">{host === '*' ? <span className={shared.quiet}>anywhere</span> : host}</Table.Td>
      <Table.Td>
        <Tooltip label={why ?? 'Take it away'}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Take away: ${userWords(user)}, ${bindingSentence(rule)}`}
            {...(why && { 'aria-disabled': true, 'data-disabled': true, 'aria-description': why })}
            onClick={() => !why && onDelete()}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Table.Td>
    </Table.Tr>
  )
}

/** A group that is whole needs no more words than its operations; what misses of it is said. */
function Operations({ group }: { group: AclBinding['accessControl']['operationGroup'] }) {
  const { name, hitOperations, missOperations } = group
  if (missOperations.length === 0 && hitOperations.length === 1 && hitOperations[0] === name) return null
  return (
    <span className={classes.operations}>
      {hitOperations.join(', ')}
      {missOperations.length > 0 && <span className={classes.missing}> · without {missOperations.join(', ')}</span>}
    </span>
  )
}
