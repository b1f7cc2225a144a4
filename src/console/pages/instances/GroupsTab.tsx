import { Button } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Instance } from '../../api-types.ts'
import { GroupTable } from '../../components/GroupTable.tsx'
import { InUse } from '../../components/InUse.tsx'
import { paths } from '../../paths.ts'
import { holdingQueries } from '../../queries-holdings.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListBar, listBarKeyword } from '../../ui/ListBar.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { Pager } from '../../ui/Pager.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { SearchField } from '../../ui/SearchField.tsx'

const pageSize = 50

/** Who reads in an Instance's Kafka, and how far behind they are. */
export function GroupsTab({ instance }: { instance: Instance }) {
  return (
    <InUse instance={instance} what="Consumer groups">
      <Groups instanceId={instance.instanceId} />
    </InUse>
  )
}

function Groups({ instanceId }: { instanceId: string }) {
  const { keyword = '', page = 1 } = useSearch({ from: '/shell/instances/$instanceId' })
  const navigate = useNavigate({ from: paths.instance })
  const question = { page, size: pageSize, ...(keyword && { keyword }) }
  const { data, error, refetch } = useQuery(holdingQueries.groups(instanceId, question))
  const look = (next: { keyword?: string; page?: number }) =>
    void navigate({ search: { tab: 'groups', keyword, ...next }, replace: true })
  const isEmpty = data?.total === 0
  return (
    <>
      {!(isEmpty && keyword === '') && (
        <ListBar>
          <SearchField
            label="Search consumer groups"
            keyword={keyword}
            onFind={(next) => look({ keyword: next })}
            className={listBarKeyword}
          />
        </ListBar>
      )}
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!(error && !data) && (
        <Sheet>
          {isEmpty && keyword === '' && <NobodyReads />}
          {isEmpty && keyword !== '' && <NoMatch keyword={keyword} onClear={() => look({ keyword: '' })} />}
          {!isEmpty && <GroupTable instanceId={instanceId} groups={data?.list} />}
          {data && !isEmpty && (
            <Pager
              page={page}
              size={pageSize}
              total={data.total}
              totalPages={data.totalPage}
              onPage={(next) => look({ page: next })}
            />
          )}
        </Sheet>
      )}
    </>
  )
}

function NobodyReads() {
  return (
    <EmptyState picture={<IconUsersGroup size={38} stroke={1.5} aria-hidden />} title="Nobody reads yet">
      A consumer group appears by itself when a consumer with a <span className="mono">group.id</span> connects. It is
      listed here with its members and how far behind they are; the Overview has programs to start with.
    </EmptyState>
  )
}

function NoMatch({ keyword, onClear }: { keyword: string; onClear: () => void }) {
  return (
    <EmptyState
      title="No match"
      action={
        <Button variant="default" onClick={onClear}>
          Show all groups
        </Button>
      }
    >
      No consumer group has “{keyword}” in its name.
    </EmptyState>
  )
}
