import { Button, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Role } from '../../domain/permission.ts'
import { access } from '../api-access.ts'
import type { MemberAccount } from '../api-types.ts'
import type { MemberDeed } from '../components/member-words.ts'
import { OncePassword } from '../components/OncePassword.tsx'
import { plural } from '../format.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import { Deed } from './deed.tsx'
import classes from './deed.module.css'
import { RoleField } from './role-field.tsx'

type MemberManageProps = {
  member: MemberAccount
  whyNot: (deed: MemberDeed) => string | undefined
  onDelete: () => void
  onClose: () => void
}

/** What an administrator can do with a member. */
export function MemberManage({ member, whyNot, onDelete, onClose }: MemberManageProps) {
  const { memberId, name } = member
  const [role, setRole] = useState<Role>(member.role)
  const changed = useMembersChanged()
  const onSuccess = (words: string) => {
    changed()
    notifications.show({ message: words, color: 'race' })
  }
  const change = useMutation({
    mutationFn: (body: { role?: Role; isDisabled?: boolean }) => access.changeMember(memberId, body),
    onSuccess: (after) => {
      onSuccess(changeWords(member, after))
      onClose()
    },
  })
  const signOut = useMutation({
    mutationFn: () => access.signOutMember(memberId),
    onSuccess: () => onSuccess(`${name} is signed out everywhere.`),
  })
  const reset = useMutation({ mutationFn: () => access.resetMember(memberId), onSuccess: changed, gcTime: 0 })
  if (reset.data) {
    return (
      <Dialog onClose={onClose} title={`${name} has a new password`} closeOnClickOutside={false}>
        <OncePassword name={name} password={reset.data.oneTimePassword} onClose={onClose} />
      </Dialog>
    )
  }
  const error = change.error ?? signOut.error ?? reset.error
  const toggle = member.isDisabled ? undefined : whyNot('disable')
  return (
    <Dialog onClose={onClose} title={name}>
      <Stack gap="lg">
        <RoleField
          value={role}
          onChange={setRole}
          whyNot={() => (member.role === 'administrator' ? whyNot('demote') : undefined)}
        />
        <ul className={classes.deeds}>
          <Deed
            words="A new one-time password. The one before, and every session, end at once."
            label="Reset password"
            why={whyNot('reset')}
            isPending={reset.isPending}
            onClick={() => reset.mutate()}
          />
          <Deed
            words={sessionWords(member)}
            label="Sign out everywhere"
            why={member.sessions === 0 ? 'Nowhere signed in.' : undefined}
            isPending={signOut.isPending}
            onClick={() => signOut.mutate()}
          />
          <Deed
            words={member.isDisabled ? 'Lets the member sign in again.' : 'Ends every session, and refuses new ones.'}
            label={member.isDisabled ? 'Enable' : 'Disable'}
            why={toggle}
            isPending={change.isPending && change.variables.isDisabled !== undefined}
            onClick={() => change.mutate({ isDisabled: !member.isDisabled })}
          />
          <Deed
            words="For good. What the member did stays in the audit."
            label="Delete"
            why={whyNot('delete')}
            isPending={false}
            onClick={onDelete}
          />
        </ul>
        {error && <ErrorNotice error={error} title="Nothing was changed" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <ReasonedButton
            allowed={role !== member.role}
            why="Choose another role first."
            loading={change.isPending && change.variables.role !== undefined}
            onClick={() => change.mutate({ role })}
          >
            Change role
          </ReasonedButton>
        </Group>
      </Stack>
    </Dialog>
  )
}

function useMembersChanged(): () => void {
  const queryClient = useQueryClient()
  return () => void queryClient.invalidateQueries({ queryKey: ['members'] })
}

const sessionWords = ({ sessions }: MemberAccount): string =>
  sessions === 1 ? 'Ends the one open session.' : `Ends all ${plural(sessions, 'open session')}.`

function changeWords(before: MemberAccount, after: MemberAccount): string {
  if (before.role !== after.role) return `${after.name} is now ${after.role}.`
  return `${after.name} is ${after.isDisabled ? 'disabled' : 'enabled'}.`
}
