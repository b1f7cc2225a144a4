import { Button, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { access } from '../../api-access.ts'
import type { ServiceAccount } from '../../api-types.ts'
import { AdministratorsOnly } from '../../components/AdministratorsOnly.tsx'
import { NamedDelete } from '../../components/NamedDelete.tsx'
import { ServiceAccountTable } from '../../components/ServiceAccountTable.tsx'
import { ServiceAccountCreate } from '../../forms/service-account-create.tsx'
import { ServiceAccountManage } from '../../forms/service-account-manage.tsx'
import { ServiceAccountRotate } from '../../forms/service-account-rotate.tsx'
import { paths } from '../../paths.ts'
import { accessQueries } from '../../queries-access.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Pager } from '../../ui/Pager.tsx'
import { Sheet } from '../../ui/Panel.tsx'

const pageSize = 50

type Opened = { kind: 'create' } | { kind: 'manage' | 'rotate' | 'delete'; account: ServiceAccount }

export function ServiceAccountsPage() {
  return (
    <AdministratorsOnly title="Service accounts" permission="service-account:manage">
      <ServiceAccounts />
    </AdministratorsOnly>
  )
}

/** The programs that come in, each with a key pair. */
function ServiceAccounts() {
  const { page = 1 } = useSearch({ from: '/shell/service-accounts' })
  const navigate = useNavigate({ from: paths.serviceAccounts })
  const [opened, setOpened] = useState<Opened>()
  const { data, error, refetch } = useQuery(accessQueries.serviceAccounts({ page, size: pageSize }))
  const isBare = data?.total === 0
  const create = (words: string) => (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setOpened({ kind: 'create' })}>
      {words}
    </Button>
  )
  return (
    <>
      <PageHead
        title="Service accounts"
        sub="Programs that use the API, such as Terraform. Each signs its requests with a key pair."
        actions={!isBare && create('Create service account')}
      />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!(error && !data) && (
        <Sheet>
          {isBare ? (
            <Inviting action={create('Create the first service account')} />
          ) : (
            <ServiceAccountTable accounts={data?.list} onManage={(account) => setOpened({ kind: 'manage', account })} />
          )}
          {data && !isBare && (
            <Pager
              page={page}
              size={pageSize}
              total={data.total}
              totalPages={data.totalPage}
              onPage={(next) => void navigate({ search: { page: next }, replace: true })}
            />
          )}
        </Sheet>
      )}
      <Dialogs opened={opened} onOpen={setOpened} />
    </>
  )
}

type DialogsProps = { opened: Opened | undefined; onOpen: (opened: Opened | undefined) => void }

function Dialogs({ opened, onOpen }: DialogsProps) {
  const onClose = () => onOpen(undefined)
  switch (opened?.kind) {
    case undefined:
      return null
    case 'create':
      return <ServiceAccountCreate onClose={onClose} />
    case 'manage':
      return (
        <ServiceAccountManage
          account={opened.account}
          onRotate={() => onOpen({ kind: 'rotate', account: opened.account })}
          onDelete={() => onOpen({ kind: 'delete', account: opened.account })}
          onClose={onClose}
        />
      )
    case 'rotate':
      return <ServiceAccountRotate account={opened.account} onClose={onClose} />
    case 'delete':
      return <ServiceAccountDelete account={opened.account} onClose={onClose} />
  }
}

function Inviting({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState picture={<IconKey size={38} stroke={1.5} aria-hidden />} title="No service account yet" action={action}>
      Terraform and other programs come in by a key pair instead of a password. Create an account with the role
      operator, take its key pair, and point the provider automq at this Millrace: the lines to paste come with the
      pair.
    </EmptyState>
  )
}

function ServiceAccountDelete({ account, onClose }: { account: ServiceAccount; onClose: () => void }) {
  const queryClient = useQueryClient()
  const remove = useMutation({
    mutationFn: () => access.deleteServiceAccount(account.serviceAccountId),
    onSuccess: () => {
      onClose()
      void queryClient.invalidateQueries({ queryKey: ['service-accounts'] })
    },
  })
  return (
    <NamedDelete
      kind="service account"
      name={account.name}
      keep="Keep the account"
      warning={
        <Text size="sm">
          Its key pairs end at once, and programs that sign with them are refused. What it did stays in the audit.
        </Text>
      }
      isPending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    />
  )
}
