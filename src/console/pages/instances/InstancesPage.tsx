import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { InstanceFilters } from '../../components/InstanceFilters.tsx'
import { InstanceTable } from '../../components/InstanceTable.tsx'
import { useWhyNot } from '../../may.ts'
import { paths } from '../../paths.ts'
import { queries } from '../../queries.ts'
import type { InstancesSearch } from '../../search.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Pager } from '../../ui/Pager.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { ReasonedButton } from '../../ui/ReasonedButton.tsx'
import { Wheel } from '../../ui/Wheel.tsx'
import { instanceStateWords } from '../../words.ts'

const pageSize = 20

/** All Instances of the environment: found, filtered, sorted and paged by the address. */
export function InstancesPage() {
  const search = useSearch({ from: '/shell/instances' })
  const navigate = useNavigate({ from: paths.instances })
  const change = (changed: Partial<InstancesSearch>) =>
    void navigate({ search: { ...search, page: undefined, ...changed } as InstancesSearch, replace: true })
  const { page = 1, sort = 'createdAt', desc = sort === 'createdAt' } = search
  const instances = useQuery(queries.instances({ ...search, sort, desc, page, size: pageSize }))
  const isNarrowed = search.keyword !== undefined || search.state !== undefined
  const isEmpty = instances.data?.total === 0
  return (
    <>
      <PageHead
        title="Instances"
        sub="Each Instance is one whole Apache Kafka cluster."
        actions={!(isEmpty && !isNarrowed) && <CreateButton words="Create Instance" />}
      />
      {!(isEmpty && !isNarrowed) && <InstanceFilters search={search} onChange={change} />}
      {instances.error && <ErrorNotice error={instances.error} onRetry={() => void instances.refetch()} />}
      {isEmpty ? (
        <Sheet>{isNarrowed ? <NoMatch search={search} onClear={() => change(nothingNarrowed)} /> : <Inviting />}</Sheet>
      ) : (
        <Sheet>
          <InstanceTable
            instances={instances.data?.list}
            sort={{ by: sort, desc }}
            onSort={(by, descending) => change({ sort: by, desc: descending })}
          />
          {instances.data && (
            <Pager
              page={page}
              size={pageSize}
              total={instances.data.total}
              totalPages={instances.data.totalPage}
              onPage={(next) => change({ page: next })}
            />
          )}
        </Sheet>
      )}
    </>
  )
}

const nothingNarrowed = { keyword: undefined, state: undefined } as unknown as Partial<InstancesSearch>

function CreateButton({ words }: { words: string }) {
  const why = useWhyNot('instance:create')
  const plus = <IconPlus size={17} aria-hidden />
  if (why) {
    return (
      <ReasonedButton leftSection={plus} allowed={false} why={why} onClick={() => undefined}>
        {words}
      </ReasonedButton>
    )
  }
  return (
    <Button leftSection={plus} renderRoot={(props) => <Link to={paths.newInstance} {...props} />}>
      {words}
    </Button>
  )
}

function Inviting() {
  return (
    <EmptyState
      picture={<Wheel size={46} />}
      title="No Instance yet"
      action={<CreateButton words="Create your first Instance" />}
    >
      Name it, choose how much it should carry, and watch its nodes come up step by step. In a few seconds it takes
      messages.
    </EmptyState>
  )
}

function NoMatch({ search, onClear }: { search: InstancesSearch; onClear: () => void }) {
  const state = search.state ? ` in state ${instanceStateWords[search.state].label}` : ''
  const keyword = search.keyword ? ` that matches “${search.keyword}”` : ''
  return (
    <EmptyState
      title="No match"
      action={
        <Button variant="default" onClick={onClear}>
          Show all
        </Button>
      }
    >
      There is no Instance{state}
      {keyword}.
    </EmptyState>
  )
}
