import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { userNameProblem, userPasswordProblem } from '../../domain/kafka-user.ts'
import { holdings } from '../api-holdings.ts'
import { UserCredentials } from '../components/UserCredentials.tsx'
import { toProblem } from '../problem.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { fieldErrors } from './field-errors.ts'
import { useIdempotencyKey } from './idempotency-key.ts'
import { UserPasswordField } from './user-password-field.tsx'

type UserCreateProps = {
  instanceId: string
  /** What comes next: the user may do nothing yet. */
  onGrant: (user: string) => void
  onClose: () => void
}

type Draft = { name: string; password: string | null }

/** A new user of the Instance's Kafka; afterwards the password, this once. */
export function UserCreate({ instanceId, onGrant, onClose }: UserCreateProps) {
  const queryClient = useQueryClient()
  const keyFor = useIdempotencyKey()
  const form = useForm<Draft>({
    initialValues: { name: '', password: null },
    validate: {
      name: (name) => userNameProblem(name) ?? null,
      password: (password) => (password === null ? null : (userPasswordProblem(password) ?? null)),
    },
  })
  const create = useMutation({
    mutationFn: ({ name, password }: Draft) => {
      const body = { name, ...(password !== null && { password }) }
      return holdings.createUser(instanceId, body, keyFor(body))
    },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['instance', instanceId, 'users'] }),
    onError: (error) => form.setErrors(refusedFields(error)),
  })
  if (create.data) {
    const { name, password } = create.data
    return (
      <Dialog onClose={onClose} title={`${name} is created`} size="lg" closeOnClickOutside={password === undefined}>
        <Stack>
          <UserCredentials instanceId={instanceId} user={name} password={password ?? null} />
          <Text size="sm">It may do nothing yet: make it a producer or a consumer of a topic.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Done
            </Button>
            <Button onClick={() => onGrant(name)}>Give it access</Button>
          </Group>
        </Stack>
      </Dialog>
    )
  }
  const isElsewhere = create.error && Object.keys(form.errors).length === 0
  return (
    <Dialog onClose={onClose} title="Create a user">
      <form onSubmit={form.onSubmit((draft) => create.mutate(draft))} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="4 to 64 letters, digits and . _ - : @, such as svc-orders."
            withAsterisk
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('name')}
          />
          <UserPasswordField
            password={form.values.password}
            onChange={(password) => form.setFieldValue('password', password)}
            error={form.errors['password']}
          />
          {isElsewhere && <ErrorNotice error={create.error} title="The user was not created" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create user
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
    ...fieldErrors(problem, ['name', 'password']),
    ...(problem.code === 'User.NameTaken' && { name: problem.message }),
  }
}
