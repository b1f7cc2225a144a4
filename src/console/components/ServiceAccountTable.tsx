import { Button, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNow } from '../clock.ts'
import type { ServiceAccount } from '../api-types.ts'
import { formatMoment, plural } from '../format.ts'
import { queries } from '../queries.ts'
import { Standing } from '../ui/Standing.tsx'
import { SkeletonRows } from '../ui/TableParts.tsx'
import parts from '../ui/TableParts.module.css'
import { TimeAgo } from '../ui/TimeAgo.tsx'
import classes from './HoldingTable.module.css'
import { roleWords } from './role-words.ts'
import { accountWords, formerKeyEndsAt } from './service-account-words.ts'

type ServiceAccountTableProps = {
  accounts: ServiceAccount[] | undefined
  onManage: (account: ServiceAccount) => void
}

export function ServiceAccountTable({ accounts, onManage }: ServiceAccountTableProps) {
  return (
    <Table
      className={`${parts.table} ${classes.table}`}
      verticalSpacing={10}
      highlightOnHover
      aria-label="Service accounts"
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Service account</Table.Th>
          <Table.Th visibleFrom="sm">Role</Table.Th>
          <Table.Th visibleFrom="md">Instances</Table.Th>
          <Table.Th visibleFrom="md">Ends</Table.Th>
          <Table.Th visibleFrom="sm">Last used</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>
            <span className={classes.hidden}>Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {accounts ? (
          accounts.map((account) => (
            <AccountRow key={account.serviceAccountId} account={account} onManage={() => onManage(account)} />
          ))
        ) : (
          <SkeletonRows columns={7} words="Reading the service accounts…" />
        )}
      </Table.Tbody>
    </Table>
  )
}

function AccountRow({ account, onManage }: { account: ServiceAccount; onManage: () => void }) {
  const now = useNow()
  const formerEndsAt = formerKeyEndsAt(account, now)
  const { label } = roleWords[account.role]
  return (
    <Table.Tr>
      <Table.Td className={classes.wrap!}>
        <span className={classes.strong}>{account.name}</span>
        <span className={`${classes.note} mono`}>{account.accessKeys[0]?.accessKey}</span>
        {formerEndsAt && <span className={classes.note}>former key until {formatMoment(formerEndsAt)}</span>}
        <span className={classes.narrow}>{label}</span>
      </Table.Td>
      <Table.Td visibleFrom="sm">{label}</Table.Td>
      <Table.Td visibleFrom="md">
        <Instances ids={account.instanceIds} />
      </Table.Td>
      <Table.Td visibleFrom="md">
        {account.expiresAt ? (
          <time dateTime={account.expiresAt} title={formatMoment(account.expiresAt)}>
            {account.expiresAt.slice(0, 10)}
          </time>
        ) : (
          <span className={classes.quiet}>never</span>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        {account.lastUsedAt ? <TimeAgo at={account.lastUsedAt} /> : <span className={classes.quiet}>never</span>}
      </Table.Td>
      <Table.Td>
        <Standing {...accountWords(account, now)} />
      </Table.Td>
      <Table.Td ta="right">
        <Button size="compact-sm" variant="default" aria-label={`Manage ${account.name}`} onClick={onManage}>
          Manage
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}

function Instances({ ids }: { ids: string[] | null }) {
  const { data } = useQuery(queries.instances({ size: 100, sort: 'name' }))
  if (ids === null) return 'All'
  const names = ids.map((id) => data?.list.find(({ instanceId }) => instanceId === id)?.name ?? id)
  return <span title={names.join(', ')}>{names.length <= 2 ? names.join(', ') : plural(names.length, 'Instance')}</span>
}
