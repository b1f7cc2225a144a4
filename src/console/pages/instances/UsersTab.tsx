import { Button } from '@mantine/core'
import { IconPlus, IconUserOff, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Instance } from '../../api-types.ts'
import { InUse } from '../../components/InUse.tsx'
import { SecurityButton } from '../../components/SecurityButton.tsx'
import { TabLink } from '../../components/TabLink.tsx'
import { UserTable } from '../../components/UserTable.tsx'
import { AclCreate } from '../../forms/acl-create.tsx'
import { UserCreate } from '../../forms/user-create.tsx'
import { UserDelete } from '../../forms/user-delete.tsx'
import { UserRotate } from '../../forms/user-rotate.tsx'
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

/** Who signs in to an Instance's Kafka with name and password. */
export function UsersTab({ instance }: { instance: Instance }) {
  const isAsked = instance.features.security?.authenticationMethods?.includes('sasl') ?? false
  return (
    <InUse instance={instance} what="Users">
      {isAsked ? <Users instanceId={instance.instanceId} /> : <NoUsers instance={instance} />}
    </InUse>
  )
}

/** Nobody signs in: a user would be a name without a use. */
function NoUsers({ instance }: { instance: Instance }) {
  const methods = instance.features.security?.authenticationMethods ?? []
  return (
    <Sheet>
      <EmptyState
        picture={<IconUserOff size={38} stroke={1.5} aria-hidden />}
        title="Nobody signs in here by name"
        action={<SecurityButton instance={instance} size="sm" />}
      >
        {methods.includes('mtls')
          ? 'Clients of this Instance show a certificate, and the common name in it is their user. Users with passwords come with SASL, beside it or in its place.'
          : 'Clients of this Instance come in without a name. Users with passwords come with SASL, beside them at first: then move the clients.'}
      </EmptyState>
    </Sheet>
  )
}

type Opened = { kind: 'create' } | { kind: 'rotate' | 'delete' | 'grant'; user: string }

function Users({ instanceId }: { instanceId: string }) {
  const { keyword = '', page = 1, desc = false } = useSearch({ from: '/shell/instances/$instanceId' })
  const navigate = useNavigate({ from: paths.instance })
  const [opened, setOpened] = useState<Opened>()
  const why = useWhyNot('user:manage')
  const question = { desc, page, size: pageSize, ...(keyword && { keyword }) }
  const { data, error, refetch } = useQuery(holdingQueries.users(instanceId, question))
  const look = (next: HoldingSearch) =>
    void navigate({ search: { tab: 'users', keyword, desc, ...next }, replace: true })
  const isBare = data?.total === 0 && keyword === ''
  const create = (words: string) => (
    <ReasonedButton
      leftSection={<IconPlus size={17} aria-hidden />}
      allowed={!why}
      why={why}
      onClick={() => setOpened({ kind: 'create' })}
    >
      {words}
    </ReasonedButton>
  )
  return (
    <>
      {!isBare && (
        <ListBar action={create('Create user')}>
          <SearchField
            label="Search users"
            keyword={keyword}
            onFind={(next) => look({ keyword: next })}
            className={listBarKeyword}
          />
        </ListBar>
      )}
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!(error && !data) && (
        <Sheet>
          {isBare && <Inviting instanceId={instanceId} action={create('Create the first user')} />}
          {data?.total === 0 && !isBare && <NoMatch keyword={keyword} onClear={() => look({ keyword: '' })} />}
          {data?.total !== 0 && (
            <UserTable
              instanceId={instanceId}
              users={data?.list}
              sort={{ by: 'name', desc }}
              onSort={(_, descending) => look({ desc: descending })}
              why={why}
              onRotate={(user) => setOpened({ kind: 'rotate', user })}
              onDelete={(user) => setOpened({ kind: 'delete', user })}
            />
          )}
          {data && data.total > 0 && (
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
      <UserDialogs instanceId={instanceId} opened={opened} onOpen={setOpened} />
    </>
  )
}

type UserDialogsProps = {
  instanceId: string
  opened: Opened | undefined
  onOpen: (opened: Opened | undefined) => void
}

function UserDialogs({ instanceId, opened, onOpen }: UserDialogsProps) {
  const dialog = { instanceId, onClose: () => onOpen(undefined) }
  switch (opened?.kind) {
    case undefined:
      return null
    case 'create':
      return <UserCreate {...dialog} onGrant={(user) => onOpen({ kind: 'grant', user })} />
    case 'rotate':
      return <UserRotate {...dialog} user={opened.user} />
    case 'delete':
      return <UserDelete {...dialog} user={opened.user} />
    case 'grant':
      return <AclCreate {...dialog} user={opened.user} />
  }
}

function Inviting({ instanceId, action }: { instanceId: string; action: React.ReactNode }) {
  return (
    <EmptyState
      picture={<IconUsers size={38} stroke={1.5} aria-hidden />}
      title="Nobody can sign in yet"
      action={action}
    >
      A user is a name and a password with which clients sign in. Kafka keeps it; Millrace shows the password once, with
      a ready client configuration. It may do nothing before{' '}
      <TabLink instanceId={instanceId} tab="acls">
        access rules
      </TabLink>{' '}
      allow it.
    </EmptyState>
  )
}

function NoMatch({ keyword, onClear }: { keyword: string; onClear: () => void }) {
  return (
    <EmptyState
      title="No match"
      action={
        <Button variant="default" onClick={onClear}>
          Show all users
        </Button>
      }
    >
      No user has “{keyword}” in the name.
    </EmptyState>
  )
}
