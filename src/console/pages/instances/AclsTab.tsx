import { Button, NativeSelect } from '@mantine/core'
import { IconPlus, IconShieldCheck, IconShieldOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { aclResourceTypes } from '../../../domain/acl.ts'
import { aclSorts } from '../../../domain/acl-search.ts'
import type { AclBinding, Instance } from '../../api-types.ts'
import { resourceTypeWords } from '../../components/acl-words.ts'
import { AclTable } from '../../components/AclTable.tsx'
import { InUse } from '../../components/InUse.tsx'
import { SecurityButton } from '../../components/SecurityButton.tsx'
import { TabLink } from '../../components/TabLink.tsx'
import { AclCreate } from '../../forms/acl-create.tsx'
import { AclDelete } from '../../forms/acl-delete.tsx'
import type { HoldingSearch } from '../../holding-search.ts'
import { useWhyNot } from '../../may.ts'
import { paths } from '../../paths.ts'
import { holdingQueries } from '../../queries-holdings.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListBar, listBarKeyword } from '../../ui/ListBar.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { Pager } from '../../ui/Pager.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { ReasonedButton } from '../../ui/ReasonedButton.tsx'
import { SearchField } from '../../ui/SearchField.tsx'

const pageSize = 50

/** Who may do what in an Instance's Kafka. */
export function AclsTab({ instance }: { instance: Instance }) {
  return (
    <InUse instance={instance} what="Access rules">
      <Acls instance={instance} />
    </InUse>
  )
}

type Opened = { kind: 'create' } | { kind: 'delete'; rule: AclBinding }

function Acls({ instance }: { instance: Instance }) {
  const { instanceId } = instance
  const navigate = useNavigate({ from: paths.instance })
  const [opened, setOpened] = useState<Opened>()
  const why = useWhyNot('acl:manage')
  const search = useSearch({ from: '/shell/instances/$instanceId' })
  const { keyword = '', user = '', resource, permission, page = 1, desc = false } = search
  const sort = aclSorts.find((known) => known === search.sort) ?? 'user'
  const { data, error, refetch } = useQuery(
    holdingQueries.acls(instanceId, {
      sort,
      desc,
      page,
      size: pageSize,
      ...(keyword && { fuzzyResourceName: keyword }),
      ...(user && { exactUser: user }),
      ...(resource && { resourceType: resource }),
      ...(permission && { permissionType: permission }),
    }),
  )
  const chosen = { ...(resource && { resource }), ...(permission && { permission }) }
  const shown: HoldingSearch = { keyword, user, sort, desc, ...chosen }
  const look = (next: HoldingSearch) => void navigate({ search: { tab: 'acls', ...next }, replace: true })
  if (data && !data.isEnforced) return <NotEnforced instance={instance} />
  const isNarrowed = keyword !== '' || user !== '' || resource !== undefined || permission !== undefined
  const isBare = data?.total === 0 && !isNarrowed
  const give = (
    <ReasonedButton
      leftSection={<IconPlus size={17} aria-hidden />}
      allowed={!why}
      why={why}
      onClick={() => setOpened({ kind: 'create' })}
    >
      Give access
    </ReasonedButton>
  )
  return (
    <>
      {!isBare && (
        <ListBar action={give}>
          <AclFilters shown={shown} onLook={look} />
        </ListBar>
      )}
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!(error && !data) && (
        <Sheet>
          {isBare && <Inviting instance={instance} action={give} />}
          {data?.total === 0 && isNarrowed && <NoMatch onClear={() => look({})} />}
          {data?.total !== 0 && (
            <AclTable
              rules={data?.list}
              sort={{ by: sort, desc }}
              onSort={(by, descending) => look({ ...shown, sort: by, desc: descending })}
              why={why}
              onDelete={(rule) => setOpened({ kind: 'delete', rule })}
            />
          )}
          {data && data.total > 0 && (
            <Pager
              page={page}
              size={pageSize}
              total={data.total}
              totalPages={data.totalPage}
              onPage={(next) => look({ ...shown, page: next })}
            />
          )}
        </Sheet>
      )}
      {opened?.kind === 'create' && (
        <AclCreate instanceId={instanceId} user={user} onClose={() => setOpened(undefined)} />
      )}
      {opened?.kind === 'delete' && (
        <AclDelete instanceId={instanceId} rule={opened.rule} onClose={() => setOpened(undefined)} />
      )}
    </>
  )
}

type AclFiltersProps = { shown: HoldingSearch; onLook: (search: HoldingSearch) => void }

function AclFilters({ shown, onLook }: AclFiltersProps) {
  const { resource, permission, ...others } = shown
  const kept = { ...others, ...(resource && { resource }), ...(permission && { permission }) }
  return (
    <>
      <SearchField
        label="User, exactly"
        keyword={shown.user ?? ''}
        onFind={(user) => onLook({ ...kept, user })}
        className={listBarKeyword}
      />
      <SearchField
        label="Part of a resource’s name"
        keyword={shown.keyword ?? ''}
        onFind={(keyword) => onLook({ ...kept, keyword })}
        className={listBarKeyword}
      />
      <NativeSelect
        aria-label="Kind of resource"
        data={[
          { value: '', label: 'On anything' },
          ...aclResourceTypes.map((value) => ({ value, label: resourceTypeWords[value].one })),
        ]}
        value={resource ?? ''}
        onChange={({ currentTarget: { value } }) => {
          const chosen = aclResourceTypes.find((type) => type === value)
          onLook({ ...others, ...(permission && { permission }), ...(chosen && { resource: chosen }) })
        }}
      />
      <NativeSelect
        aria-label="Allowed or denied"
        data={[
          { value: '', label: 'Allowed or denied' },
          { value: 'ALLOW', label: 'Allowed' },
          { value: 'DENY', label: 'Denied' },
        ]}
        value={permission ?? ''}
        onChange={({ currentTarget: { value } }) => {
          const chosen = value === 'ALLOW' || value === 'DENY' ? ({ permission: value } as const) : {}
          onLook({ ...others, ...(resource && { resource }), ...chosen })
        }}
      />
    </>
  )
}

function NotEnforced({ instance }: { instance: Instance }) {
  return (
    <Sheet>
      <EmptyState
        picture={<IconShieldOff size={38} stroke={1.5} aria-hidden />}
        title="Nothing is enforced here"
        action={<SecurityButton instance={instance} size="sm" />}
      >
        This Instance asks nobody who they are: whoever reaches it may do everything, and rules would change nothing.
        Rules come with authentication, by SASL or client certificates.
      </EmptyState>
    </Sheet>
  )
}

function Inviting({ instance, action }: { instance: Instance; action: React.ReactNode }) {
  const signsIn = instance.features.security?.authenticationMethods?.includes('sasl')
  return (
    <EmptyState
      picture={<IconShieldCheck size={38} stroke={1.5} aria-hidden />}
      title="No access rule yet"
      action={action}
    >
      Users may do only what a rule allows: nothing, so far. Make one a producer of a topic, or a consumer of it in a
      group.{' '}
      {signsIn ? (
        <>
          Those with passwords are made under{' '}
          <TabLink instanceId={instance.instanceId} tab="users">
            Users
          </TabLink>
          .
        </>
      ) : (
        'A client’s user is the common name in its certificate.'
      )}
    </EmptyState>
  )
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      title="No match"
      action={
        <Button variant="default" onClick={onClear}>
          Show all rules
        </Button>
      }
    >
      No rule is like this.
    </EmptyState>
  )
}
