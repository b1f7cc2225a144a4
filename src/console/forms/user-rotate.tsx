import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { userPasswordProblem } from '../../domain/kafka-user.ts'
import { holdings } from '../api-holdings.ts'
import { UserCredentials } from '../components/UserCredentials.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import { UserPasswordField } from './user-password-field.tsx'

type UserRotateProps = { instanceId: string; user: string; onClose: () => void }

/** Another password for a user; afterwards it, this once. */
export function UserRotate({ instanceId, user, onClose }: UserRotateProps) {
  const [password, setPassword] = useState<string | null>(null)
  const rotate = useMutation({
    mutationFn: () => holdings.rotatePassword(instanceId, user, password === null ? {} : { password }),
  })
  const problem = password === null ? undefined : userPasswordProblem(password)
  if (rotate.data) {
    return (
      <Dialog
        onClose={onClose}
        title={`${user} has another password`}
        size="lg"
        closeOnClickOutside={rotate.data.password === undefined}
      >
        <Stack>
          <UserCredentials instanceId={instanceId} user={user} password={rotate.data.password ?? null} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      </Dialog>
    )
  }
  return (
    <Dialog onClose={onClose} title={`Rotate the password of ${user}`}>
      <Stack>
        <Notice tone="warn">
          <Text size="sm">
            The former password ends at once: clients that connect anew need the new one. Connections that stand go on.
          </Text>
        </Notice>
        <UserPasswordField password={password} onChange={setPassword} error={password === '' ? undefined : problem} />
        {rotate.error && <ErrorNotice error={rotate.error} title="The password is as it was" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep the password
          </Button>
          <ReasonedButton
            loading={rotate.isPending}
            allowed={problem === undefined}
            why={problem}
            onClick={() => rotate.mutate()}
          >
            Rotate password
          </ReasonedButton>
        </Group>
      </Stack>
    </Dialog>
  )
}
