import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { accountNameProblem } from '../../domain/names.ts'
import type { Role } from '../../domain/permission.ts'
import { access } from '../api-access.ts'
import { OncePassword } from '../components/OncePassword.tsx'
import { toProblem } from '../problem.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { fieldErrors } from './field-errors.ts'
import { useIdempotencyKey } from './idempotency-key.ts'
import { RoleField } from './role-field.tsx'

type Draft = { name: string; role: Role }

/** A new member; afterwards the password to hand on, this once. */
export function MemberInvite({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient()
  const keyFor = useIdempotencyKey()
  const form = useForm<Draft>({
    initialValues: { name: '', role: 'viewer' },
    validate: { name: (name) => accountNameProblem(name) ?? null },
  })
  const invite = useMutation({
    mutationFn: (draft: Draft) => access.inviteMember(draft, keyFor(draft)),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['members'] }),
    onError: (error) => form.setErrors(refusedFields(error)),
    gcTime: 0,
  })
  if (invite.data) {
    const { member, oneTimePassword } = invite.data
    return (
      <Dialog onClose={onClose} title={`${member.name} is invited`} closeOnClickOutside={false}>
        <OncePassword name={member.name} password={oneTimePassword} onClose={onClose} />
      </Dialog>
    )
  }
  const isElsewhere = invite.error && Object.keys(form.errors).length === 0
  return (
    <Dialog onClose={onClose} title="Invite a member">
      <form onSubmit={form.onSubmit((draft) => invite.mutate(draft))} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="To sign in with: 3 to 64 letters, digits, “_” and “-”."
            withAsterisk
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('name')}
          />
          <RoleField
            value={form.values.role}
            onChange={(role) => form.setFieldValue('role', role)}
            error={form.errors['role']}
          />
          {isElsewhere && <ErrorNotice error={invite.error} title="Nobody was invited" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={invite.isPending}>
              Invite
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function refusedFields(error: unknown): Record<string, string> {
  const problem = toProblem(error)
  return {
    ...fieldErrors(problem, ['name', 'role']),
    ...(problem.code === 'Member.NameTaken' && { name: problem.message }),
  }
}
