import { Checkbox, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { holdings } from '../api-holdings.ts'
import type { AclBinding } from '../api-types.ts'
import { bindingSentence, paramOf } from '../components/acl-words.ts'
import { NamedDelete } from '../components/NamedDelete.tsx'
import { plural } from '../format.ts'
import { holdingQueries } from '../queries-holdings.ts'
import { ErrorNotice } from '../ui/Notice.tsx'
import classes from './holding-dialog.module.css'

type UserDeleteProps = { instanceId: string; user: string; onClose: () => void }

/** Its access rules are of the name: they stay unless they are taken away too. */
export function UserDelete({ instanceId, user, onClose }: UserDeleteProps) {
  const queryClient = useQueryClient()
  const [isAlsoRules, setAlsoRules] = useState(true)
  const rules = useQuery(holdingQueries.aclsOf(instanceId, user))
  const own = rules.data ?? []
  const remove = useMutation({
    // The user first: what stays behind then is a rule of nobody, never a user who lacks one.
    mutationFn: async () => {
      await holdings.deleteUser(instanceId, user)
      if (isAlsoRules) await holdings.deleteAcls(instanceId, own.map(paramOf))
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['instance', instanceId] }),
    onSuccess: onClose,
  })
  return (
    <NamedDelete
      kind="user"
      name={user}
      keep="Keep the user"
      warning={
        <Text size="sm">
          Clients can no longer sign in as {user}. Connections that stand go on until they close; without rules they may
          do nothing more.
        </Text>
      }
      isPending={remove.isPending}
      error={remove.error}
      errorTitle="Not all was deleted"
      whyNot={rules.data ? undefined : 'Its access rules are not known yet: they would stay behind unseen.'}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      {rules.isPending && <Text size="sm">Looking for its access rules…</Text>}
      {rules.error && (
        <ErrorNotice
          error={rules.error}
          title="Its access rules cannot be looked for"
          onRetry={() => void rules.refetch()}
        />
      )}
      {own.length > 0 && <Rules rules={own} isChecked={isAlsoRules} onCheck={setAlsoRules} />}
    </NamedDelete>
  )
}

type RulesProps = { rules: AclBinding[]; isChecked: boolean; onCheck: (isChecked: boolean) => void }

const mostShown = 6

function Rules({ rules, isChecked, onCheck }: RulesProps) {
  const left = rules.length - mostShown
  return (
    <Stack gap="xs">
      <Checkbox
        label={`Take its ${plural(rules.length, 'access rule')} away too`}
        description="Rules are of the name: left behind, they hold again for the next user who is called so."
        checked={isChecked}
        onChange={(event) => onCheck(event.currentTarget.checked)}
      />
      <ul className={classes.list} aria-label="Its access rules">
        {rules.slice(0, mostShown).map((rule) => (
          <li key={bindingSentence(rule)}>{bindingSentence(rule)}</li>
        ))}
        {left > 0 && <li>and {plural(left, 'more', 'more')}</li>}
      </ul>
    </Stack>
  )
}
