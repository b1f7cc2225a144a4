import { Button, Skeleton, Text } from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { auditFilterOf, type AuditSearch } from '../../audit-search.ts'
import type { AuditEvent } from '../../api-types.ts'
import { AdministratorsOnly } from '../../components/AdministratorsOnly.tsx'
import { AuditFilters } from '../../components/AuditFilters.tsx'
import { AuditFold } from '../../components/AuditFold.tsx'
import fold from '../../components/AuditFold.module.css'
import { paths } from '../../paths.ts'
import { accessQueries } from '../../queries-access.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Pager } from '../../ui/Pager.tsx'
import { Sheet } from '../../ui/Panel.tsx'

const pageSize = 50

export function AuditPage() {
  return (
    <AdministratorsOnly title="Audit" permission="audit:read">
      <Audit />
    </AdministratorsOnly>
  )
}

/** Who did what, from where, and what was before and after. Never empty: who reads it has signed in. */
function Audit() {
  const search = useSearch({ from: '/shell/audit' })
  const navigate = useNavigate({ from: paths.audit })
  const { page = 1 } = search
  const { data, error, refetch } = useQuery(accessQueries.audit(search, pageSize))
  const isNarrowed = Object.keys(auditFilterOf(search)).length > 0
  const change = (changed: Partial<AuditSearch>) => {
    const { page: _page, ...rest } = search
    const entries = Object.entries({ ...rest, ...changed }).filter(([, value]) => value !== '')
    void navigate({ search: Object.fromEntries(entries), replace: true })
  }
  return (
    <>
      <PageHead title="Audit" sub="Who did what, from where, and what was before and after. Kept as it was written." />
      <AuditFilters search={search} onChange={change} />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!(error && !data) && (
        <Sheet>
          {data?.total === 0 ? (
            <Nothing isNarrowed={isNarrowed} onClear={() => void navigate({ search: {}, replace: true })} />
          ) : (
            <AuditList events={data?.list} />
          )}
          {data && data.total > 0 && (
            <Pager
              page={page}
              size={pageSize}
              total={data.total}
              totalPages={data.totalPage}
              onPage={(next) => void navigate({ search: { ...search, page: next }, replace: true })}
            />
          )}
        </Sheet>
      )}
    </>
  )
}

function AuditList({ events }: { events: AuditEvent[] | undefined }) {
  if (!events) return <Reading />
  return (
    <>
      <div className={fold.head} aria-hidden>
        <span />
        <span>What</span>
        <span>To</span>
        <span />
        <span>Who</span>
        <span>From</span>
        <span className={fold.when}>When</span>
      </div>
      <ul className={fold.list} aria-label="Audit">
        {events.map((event) => (
          <AuditFold key={event.id} event={event} />
        ))}
      </ul>
    </>
  )
}

function Reading() {
  return (
    <div style={{ padding: '1rem 1.125rem' }}>
      <Text c="dimmed" size="sm" role="status" mb="md">
        Reading the audit…
      </Text>
      {[70, 55, 80, 62, 74].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} mb="lg" />
      ))}
    </div>
  )
}

function Nothing({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  if (!isNarrowed) {
    return (
      <EmptyState picture={<IconListSearch size={38} stroke={1.5} aria-hidden />} title="Nothing yet">
        Every sign-in and every change is written here as it is made.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="No match"
      action={
        <Button variant="default" onClick={onClear}>
          Show everything
        </Button>
      }
    >
      Nothing like this is written down.
    </EmptyState>
  )
}
