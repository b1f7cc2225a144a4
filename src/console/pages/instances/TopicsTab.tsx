import { Button, Switch, Text } from '@mantine/core'
import { IconMessages, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Instance } from '../../api-types.ts'
import { InUse } from '../../components/InUse.tsx'
import { TopicTable } from '../../components/TopicTable.tsx'
import { TopicCreate } from '../../forms/topic-create.tsx'
import { topicSorts, type HoldingSearch } from '../../holding-search.ts'
import { useWhyNot } from '../../may.ts'
import { paths } from '../../paths.ts'
import { holdingQueries } from '../../queries-holdings.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListBar, listBarKeyword } from '../../ui/ListBar.tsx'
import { ErrorNotice, Notice } from '../../ui/Notice.tsx'
import { Pager } from '../../ui/Pager.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { ReasonedButton } from '../../ui/ReasonedButton.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import classes from './HoldingTab.module.css'

const pageSize = 50

/** All topics of an Instance: found, filtered, sorted and paged by the address. */
export function TopicsTab({ instance }: { instance: Instance }) {
  return (
    <InUse instance={instance} what="Topics">
      <Topics instanceId={instance.instanceId} />
    </InUse>
  )
}

function Topics({ instanceId }: { instanceId: string }) {
  const search = useSearch({ from: '/shell/instances/$instanceId' })
  const navigate = useNavigate({ from: paths.instance })
  const [isCreating, setCreating] = useState(false)
  const whyNot = useWhyNot('topic:manage')
  const { keyword = '', internal = false, page = 1, desc = false } = search
  const sort = topicSorts.find((known) => known === search.sort) ?? 'name'
  const question = { internal, sort, desc, page, size: pageSize, ...(keyword && { keyword }) }
  const { data, error, refetch } = useQuery(holdingQueries.topics(instanceId, question))
  const look = (next: HoldingSearch) =>
    void navigate({ search: { keyword, internal, sort, desc, tab: 'topics', ...next }, replace: true })
  const create = (words: string) => (
    <ReasonedButton
      leftSection={<IconPlus size={17} aria-hidden />}
      allowed={!whyNot}
      why={whyNot}
      onClick={() => setCreating(true)}
    >
      {words}
    </ReasonedButton>
  )
  const isEmpty = data?.total === 0
  const isBare = isEmpty && keyword === '' && !internal
  return (
    <>
      <ListBar action={!isBare && create('Create topic')}>
        {!isBare && (
          <SearchField
            label="Search topics"
            keyword={keyword}
            onFind={(next) => look({ keyword: next })}
            className={listBarKeyword}
          />
        )}
        <Switch
          label="Internal topics"
          checked={internal}
          onChange={(event) => look({ internal: event.currentTarget.checked })}
        />
      </ListBar>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data?.problem && <OldNews problem={data.problem} asOf={data.asOf} />}
      {!(error && !data) && (
        <Sheet>
          {isBare && <Inviting action={create('Create the first topic')} />}
          {isEmpty && !isBare && <NoMatch keyword={keyword} onClear={() => look({ keyword: '' })} />}
          {!isEmpty && (
            <TopicTable
              instanceId={instanceId}
              topics={data?.list}
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
      {data && !data.problem && !isEmpty && (
        <Text size="xs" c="dimmed" className={classes.asOf!}>
          Kafka told <TimeAgo at={data.asOf} />. Sizes are of all replicas.
        </Text>
      )}
      {isCreating && <TopicCreate instanceId={instanceId} onClose={() => setCreating(false)} />}
    </>
  )
}

/** Kafka does not answer: what is shown is what it told before. */
function OldNews({ problem, asOf }: { problem: string; asOf: string }) {
  return (
    <div className={classes.notice}>
      <Notice tone="warn" title="Kafka does not tell anew">
        <Text size="sm">
          {problem} Below is what it told <TimeAgo at={asOf} />.
        </Text>
      </Notice>
    </div>
  )
}

function Inviting({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState picture={<IconMessages size={38} stroke={1.5} aria-hidden />} title="No topic yet" action={action}>
      A topic is where clients write records and read them again. Name it, choose how many partitions share its load,
      and how long records are kept.
    </EmptyState>
  )
}

function NoMatch({ keyword, onClear }: { keyword: string; onClear: () => void }) {
  return (
    <EmptyState
      title="No match"
      action={
        <Button variant="default" onClick={onClear}>
          Show all topics
        </Button>
      }
    >
      {keyword === '' ? 'There is no topic.' : `No topic has “${keyword}” in its name.`}
    </EmptyState>
  )
}
