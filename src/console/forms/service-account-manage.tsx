import { Button, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { access, type ServiceAccountTerms } from '../api-access.ts'
import type { ServiceAccount } from '../api-types.ts'
import { toProblem } from '../problem.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import { accountFields, accountProblems, draftOfAccount, termsOf } from './account-draft.ts'
import { AccountFields } from './account-fields.tsx'
import { Deed } from './deed.tsx'
import classes from './deed.module.css'
import { fieldErrors } from './field-errors.ts'

type ServiceAccountManageProps = {
  account: ServiceAccount
  onRotate: () => void
  onDelete: () => void
  onClose: () => void
}

/** What an administrator can do with a service account. */
export function ServiceAccountManage({ account, onRotate, onDelete, onClose }: ServiceAccountManageProps) {
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(() => draftOfAccount(account))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const change = useMutation({
    mutationFn: (body: Partial<ServiceAccountTerms> & { isDisabled?: boolean }) =>
      access.changeServiceAccount(account.serviceAccountId, body),
    onSuccess: ({ name, isDisabled }, body) => {
      const words = body.isDisabled === undefined ? 'changed' : isDisabled ? 'disabled' : 'enabled'
      notifications.show({ message: `${name} is ${words}.`, color: 'race' })
      void queryClient.invalidateQueries({ queryKey: ['service-accounts'] })
      onClose()
    },
    onError: (error) => setErrors(fieldErrors(toProblem(error), accountFields)),
  })
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOfAccount(account))
  const save = () => {
    const found = accountProblems(draft)
    setErrors(found)
    if (Object.keys(found).length === 0) change.mutate(termsOf(draft, Date.now(), account))
  }
  const { isDisabled } = account
  return (
    <Dialog onClose={onClose} title={account.name}>
      <Stack gap="lg">
        <AccountFields draft={draft} onChange={setDraft} errors={errors} />
        <ul className={classes.deeds}>
          <Deed words="Another key pair. The one before may go on for a while." label="Rotate" onClick={onRotate} />
          <Deed
            words={isDisabled ? 'Its requests are answered again.' : 'Its requests are refused from now on.'}
            label={isDisabled ? 'Enable' : 'Disable'}
            isPending={change.isPending && change.variables.isDisabled !== undefined}
            onClick={() => change.mutate({ isDisabled: !isDisabled })}
          />
          <Deed
            words="For good, with its key pairs. What it did stays in the audit."
            label="Delete"
            onClick={onDelete}
          />
        </ul>
        {change.error && Object.keys(errors).length === 0 && (
          <ErrorNotice error={change.error} title="Nothing was changed" />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <ReasonedButton
            allowed={isChanged}
            why="Change something first."
            loading={change.isPending && change.variables.isDisabled === undefined}
            onClick={save}
          >
            Save
          </ReasonedButton>
        </Group>
      </Stack>
    </Dialog>
  )
}
