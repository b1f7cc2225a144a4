import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api.ts'
import { toProblem } from '../problem.ts'
import { ErrorNotice } from '../ui/Notice.tsx'
import { fieldErrors } from './field-errors.ts'

type PasswordChangeProps = {
  /** Known when the person has just signed in with it; asked for otherwise. */
  currentPassword?: string | undefined
  onDone: () => void
  onCancel?: () => void
}

const rule = '8 to 128 characters, with a letter, a digit and another sign.'

export function PasswordChange({ currentPassword, onDone, onCancel }: PasswordChangeProps) {
  const queryClient = useQueryClient()
  const form = useForm({
    initialValues: { currentPassword: currentPassword ?? '', newPassword: '', again: '' },
    validate: {
      currentPassword: (value) => (value === '' ? 'Your present password is needed.' : null),
      newPassword: (value) => (value === '' ? 'Choose a new password.' : null),
      again: (value, values) => (value === values.newPassword ? null : 'The two differ.'),
    },
  })
  const change = useMutation({
    mutationFn: (values: { currentPassword: string; newPassword: string }) =>
      api.changePassword(values.currentPassword, values.newPassword),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['session'] })
      onDone()
    },
    onError: (error) => form.setErrors(fieldErrors(toProblem(error), ['currentPassword', 'newPassword'])),
  })
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
      <Stack>
        {currentPassword === undefined && (
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            data-autofocus
            {...form.getInputProps('currentPassword')}
          />
        )}
        <PasswordInput
          label="New password"
          description={rule}
          autoComplete="new-password"
          data-autofocus={currentPassword !== undefined || undefined}
          {...form.getInputProps('newPassword')}
        />
        <PasswordInput label="New password again" autoComplete="new-password" {...form.getInputProps('again')} />
        {change.error && Object.keys(form.errors).length === 0 && <ErrorNotice error={change.error} />}
        <Group justify="flex-end">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              Keep the old one
            </Button>
          )}
          <Button type="submit" loading={change.isPending} fullWidth={!onCancel}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
