import { Button, Text } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { access } from '../../api-access.ts'
import type { MemberAccount } from '../../api-types.ts'
import { AdministratorsOnly } from '../../components/AdministratorsOnly.tsx'
import { whyNotMember } from '../../components/member-words.ts'
import { MemberTable } from '../../components/MemberTable.tsx'
import { NamedDelete } from '../../components/NamedDelete.tsx'
import { MemberInvite } from '../../forms/member-invite.tsx'
import { MemberManage } from '../../forms/member-manage.tsx'
import { paths } from '../../paths.ts'
import { accessQueries } from '../../queries-access.ts'
import { queries } from '../../queries.ts'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Pager } from '../../ui/Pager.tsx'
import { Sheet } from '../../ui/Panel.tsx'

const pageSize = 50

type Opened = { kind: 'invite' } | { kind: 'manage' | 'delete'; memberId: string }

export function MembersPage() {
  return (
    <AdministratorsOnly title="Members" permission="member:manage">
      <Members />
    </AdministratorsOnly>
  )
}

/** The people who sign in to this console. There is always one: who reads this. */
function Members() {
  const { page = 1 } = useSearch({ from: '/shell/members' })
  const navigate = useNavigate({ from: paths.members })
  const [opened, setOpened] = useState<Opened>()
  const { data: session } = useQuery(queries.session())
  const { data, error, refetch } = useQuery(accessQueries.members({ page, size: pageSize }))
  const self = session?.member.memberId
  const members = data?.list ?? []
  const others = { self, members, isWhole: data?.total === members.length }
  const chosen = opened && 'memberId' in opened ? members.find((one) => one.memberId === opened.memberId) : undefined
  const close = () => setOpened(undefined)
  return (
    <>
      <PageHead
        title="Members"
        sub="People who sign in to this console. Programs come in as service accounts."
        actions={
          <Button leftSection={<IconUserPlus size={17} aria-hidden />} onClick={() => setOpened({ kind: 'invite' })}>
            Invite member
          </Button>
        }
      />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!(error && !data) && (
        <Sheet>
          <MemberTable
            members={data?.list}
            self={self}
            onManage={({ memberId }) => setOpened({ kind: 'manage', memberId })}
          />
          {data && (
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
      {opened?.kind === 'invite' && <MemberInvite onClose={close} />}
      {opened?.kind === 'manage' && chosen && (
        <MemberManage
          member={chosen}
          whyNot={(deed) => whyNotMember(deed, chosen, others)}
          onDelete={() => setOpened({ kind: 'delete', memberId: chosen.memberId })}
          onClose={close}
        />
      )}
      {opened?.kind === 'delete' && chosen && <MemberDelete member={chosen} onClose={close} />}
    </>
  )
}

function MemberDelete({ member, onClose }: { member: MemberAccount; onClose: () => void }) {
  const queryClient = useQueryClient()
  const remove = useMutation({
    mutationFn: () => access.deleteMember(member.memberId),
    onSuccess: () => {
      onClose()
      void queryClient.invalidateQueries({ queryKey: ['members'] })
    },
  })
  return (
    <NamedDelete
      kind="member"
      name={member.name}
      keep="Keep the member"
      warning={
        <Text size="sm">Every session ends at once. What {member.name} did stays in the audit, under this name.</Text>
      }
      isPending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    />
  )
}
