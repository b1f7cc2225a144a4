import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { accountNameProblem } from '../../domain/names.ts'
import { access } from '../api-access.ts'
import { KeyPairPanel } from '../components/KeyPairPanel.tsx'
import { toProblem } from '../problem.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { accountFields, accountProblems, emptyAccount, termsOf } from './account-draft.ts'
import { AccountFields } from './account-fields.tsx'
import { fieldErrors } from './field-errors.ts'
import { useIdempotencyKey } from './idempotency-key.ts'

/** A new service account; afterwards its key pair, this once. */
export function ServiceAccountCreate({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient()
  const keyFor = useIdempotencyKey()
  const [name, setName] = useState('')
  const [draft, setDraft] = useState(emptyAccount)
  const [openedAt] = useState(() => Date.now())
  const [errors, setErrors] = useState<Record<string, string>>({})
  const create = useMutation({
    mutationFn: () => {
      // From one moment: the same draft is the same request.
      const body = { name, ...termsOf(draft, openedAt) }
      return access.createServiceAccount(body, keyFor(body))
    },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['service-accounts'] }),
    onError: (error) => setErrors(refusedFields(error)),
    gcTime: 0,
  })
  if (create.data) {
    const { serviceAccount, keyPair } = create.data
    return (
      <Dialog onClose={onClose} title={`${serviceAccount.name} is created`} size="lg" closeOnClickOutside={false}>
        <KeyPairPanel name={serviceAccount.name} pair={keyPair} onClose={onClose} />
      </Dialog>
    )
  }
  const submit = () => {
    const problem = accountNameProblem(name)
    const found = { ...(problem && { name: problem }), ...accountProblems(draft) }
    setErrors(found)
    if (Object.keys(found).length === 0) create.mutate()
  }
  return (
    <Dialog onClose={onClose} title="Create a service account">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            description="Of the program that uses it, such as terraform: 3 to 64 letters, digits, “_” and “-”."
            withAsterisk
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={errors['name']}
          />
          <AccountFields draft={draft} onChange={setDraft} errors={errors} />
          {create.error && Object.keys(errors).length === 0 && (
            <ErrorNotice error={create.error} title="The service account was not created" />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create service account
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
    ...fieldErrors(problem, accountFields),
    ...(problem.code === 'ServiceAccount.NameTaken' && { name: problem.message }),
  }
}
