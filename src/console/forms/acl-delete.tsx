import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { holdings } from '../api-holdings.ts'
import type { AclBinding } from '../api-types.ts'
import { bindingSentence, paramOf, userWords } from '../components/acl-words.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'

type AclDeleteProps = { instanceId: string; rule: AclBinding; onClose: () => void }

/** Nothing is lost that cannot be given again: no name is typed. */
export function AclDelete({ instanceId, rule, onClose }: AclDeleteProps) {
  const queryClient = useQueryClient()
  const remove = useMutation({
    mutationFn: () => holdings.deleteAcls(instanceId, [paramOf(rule)]),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['instance', instanceId, 'acls'] })
      onClose()
    },
  })
  const isDenial = rule.accessControl.permissionType === 'DENY'
  return (
    <Dialog onClose={onClose} title="Take this rule away?">
      <Stack>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <b>{userWords(rule.accessControl.user)}</b>: {bindingSentence(rule)}
        </Text>
        <Text size="sm" c="dimmed">
          {isDenial
            ? 'What other rules allow is allowed again, at once.'
            : 'It holds at once, for connections that stand too. What another rule of the same user needs stays.'}
        </Text>
        {remove.error && <ErrorNotice error={remove.error} title="The rule is still there" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep the rule
          </Button>
          <Button color="red.8" loading={remove.isPending} onClick={() => remove.mutate()}>
            Take it away
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
