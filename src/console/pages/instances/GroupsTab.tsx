import { Button, Text } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Instance } from '../../api-types.ts'
import { GroupTable } from '../../components/GroupTable.tsx'
import { InUse } from '../../components/InUse.tsx'
import { groupSorts, type HoldingSearch } from '../../holding-search.ts'
import { paths } from '../../paths.ts'
import { holdingQueries } from '../../queries-holdings.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListBar, listBarKeyword } from '../../ui/ListBar.tsx'
import { ErrorNotice, Notice } from '../../ui/Notice.tsx'
import { Pager } from '../../ui/Pager.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import classes from './HoldingTab.module.css'

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
  const search = useSearch({ from: '/shell/instances/$instanceId' })
  const { keyword = '', page = 1, desc = false } = search
  const sort = groupSorts.find((known) => known === search.sort) ?? 'name'
  const navigate = useNavigate({ from: paths.instance })
  const question = { sort, desc, page, size: pageSize, ...(keyword && { keyword }) }
  const { data, error, refetch } = useQuery(holdingQueries.groups(instanceId, question))
  const look = (next: HoldingSearch) =>
    void navigate({ search: { tab: 'groups', keyword, sort, desc, ...next }, replace: true })
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
      {data?.problem && (
        <div className={classes.notice}>
          <Notice tone="warn" title="Not every node tells of its groups">
            <Text size="sm">{data.problem}</Text>
          </Notice>
        </div>
      )}
      {!(error && !data) && (
        <Sheet>
          {isEmpty && keyword === '' && !data.problem && <NobodyReads />}
          {isEmpty && keyword === '' && data.problem && <NoneTold />}
          {isEmpty && keyword !== '' && <NoMatch keyword={keyword} onClear={() => look({ keyword: '' })} />}
          {!isEmpty && (
            <GroupTable
              instanceId={instanceId}
              groups={data?.list}
              sort={{ by: sort, desc }}
              onSort={(by, descending) => look({ sort: by, desc: descending })}
            />
          )}
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

/** Nodes that do not tell may look after some: nobody can say that there is none. */
function NoneTold() {
  return <EmptyState title="No group is told of">The nodes that answer look after none.</EmptyState>
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
