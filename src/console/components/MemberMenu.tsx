import { Menu, UnstyledButton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconLogout, IconPassword } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PasswordChange } from '../forms/password-change.tsx'
import { queries } from '../queries.ts'
import { useSignOut } from '../session.ts'
import { Dialog } from '../ui/Dialog.tsx'
import classes from './MemberMenu.module.css'

export function MemberMenu() {
  const { data } = useQuery(queries.session())
  const [isChanging, setChanging] = useState(false)
  const signOut = useSignOut()
  const name = data?.member.name ?? ''
  const onDone = () => {
    setChanging(false)
    notifications.show({ message: 'Your password was changed. Other sessions of yours have ended.', color: 'race' })
  }
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <UnstyledButton className={classes.member} aria-label={`Your account: ${name}`}>
            <span className={classes.avatar} data-initials={name.slice(0, 2).toUpperCase()} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.who}>
            <strong>{name}</strong>
            <span>{data?.member.role}</span>
          </div>
          <Menu.Divider />
          <Menu.Item leftSection={<IconPassword size={16} aria-hidden />} onClick={() => setChanging(true)}>
            Change password
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isChanging && (
        <Dialog onClose={() => setChanging(false)} title="Change your password">
          <PasswordChange onDone={onDone} onCancel={() => setChanging(false)} />
        </Dialog>
      )}
    </>
  )
}
