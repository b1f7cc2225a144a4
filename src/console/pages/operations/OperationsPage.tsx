import { NativeSelect, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { operationStatuses } from '../../../domain/operation.ts'
import type { Operation } from '../../api-types.ts'
import { OperationStatusBadge } from '../../components/StateBadge.tsx'
import { paths } from '../../paths.ts'
import { queries } from '../../queries.ts'
import type { OperationsSearch } from '../../search.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Pager } from '../../ui/Pager.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { SkeletonRows } from '../../ui/TableParts.tsx'
import parts from '../../ui/TableParts.module.css'
import { Elapsed, TimeAgo } from '../../ui/TimeAgo.tsx'
import { isOperationStatus, operationStatusWords, stillOpen } from '../../words.ts'
import classes from './OperationsPage.module.css'

const pageSize = 25
const statuses = [
  { value: '', label: 'Every status' },
  ...operationStatuses.map((status) => ({ value: status, label: operationStatusWords[status].label })),
]

export function OperationsPage() {
  const search = useSearch({ from: '/shell/operations' })
  const navigate = useNavigate({ from: paths.operations })
  const { page = 1, state } = search
  const operations = useQuery(queries.operations({ ...(state && { state }), page, size: pageSize }))
  const show = (next: OperationsSearch) => void navigate({ search: next, replace: true })
  return (
    <>
      <PageHead
        title="Operations"
        sub="Every change to an Instance, with its steps."
        actions={
          <NativeSelect
            aria-label="Status"
            data={statuses}
            value={state ?? ''}
            onChange={({ currentTarget: { value } }) => show(isOperationStatus(value) ? { state: value } : {})}
          />
        }
      />
      {operations.error && <ErrorNotice error={operations.error} onRetry={() => void operations.refetch()} />}
      <Sheet>
        {operations.data?.total === 0 ? (
          <EmptyState title={state ? 'No match' : 'No Operation yet'}>
            {state
              ? `No Operation is ${operationStatusWords[state].label.toLowerCase()}.`
              : 'Creating an Instance is the first one.'}
          </EmptyState>
        ) : (
          <OperationTable operations={operations.data?.list} />
        )}
        {operations.data && operations.data.total > 0 && (
          <Pager
            page={page}
            size={pageSize}
            total={operations.data.total}
            totalPages={operations.data.totalPage}
            onPage={(next) => show({ ...search, page: next })}
          />
        )}
      </Sheet>
    </>
  )
}

function OperationTable({ operations }: { operations: Operation[] | undefined }) {
  return (
    <Table className={parts.table!} verticalSpacing={10} highlightOnHover aria-label="Operations">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Operation</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th visibleFrom="md">Step</Table.Th>
          <Table.Th visibleFrom="sm">By</Table.Th>
          <Table.Th visibleFrom="sm">Begun</Table.Th>
          <Table.Th visibleFrom="xs" ta="right">
            Took
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {operations ? (
          operations.map((operation) => <OperationRow key={operation.operationId} operation={operation} />)
        ) : (
          <SkeletonRows columns={6} words="Reading the Operations…" />
        )}
      </Table.Tbody>
    </Table>
  )
}

function OperationRow({ operation }: { operation: Operation }) {
  const reason = operation.error?.message ?? operation.waitingReason
  return (
    <Table.Tr>
      <Table.Td>
        <Link to={paths.operation} params={{ operationId: operation.operationId }} className={classes.title}>
          {operation.title}
        </Link>
        <Link to={paths.instance} params={{ instanceId: operation.instanceId }} className={classes.instance}>
          {operation.instanceName}
        </Link>
      </Table.Td>
      <Table.Td>
        <OperationStatusBadge status={operation.status} />
      </Table.Td>
      <Table.Td visibleFrom="md" className={classes.step!}>
        {stillOpen(operation.status) && operation.stepTitle}
        {reason && <span className={classes.reason}>{reason}</span>}
      </Table.Td>
      <Table.Td visibleFrom="sm">{operation.actor}</Table.Td>
      <Table.Td visibleFrom="sm">
        <TimeAgo at={operation.createdAt} />
      </Table.Td>
      <Table.Td visibleFrom="xs" ta="right">
        <Elapsed from={operation.createdAt} to={operation.endedAt} />
      </Table.Td>
    </Table.Tr>
  )
}
