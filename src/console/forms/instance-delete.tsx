import { Button, Group, List, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import type { DeletePlan, Instance } from '../api-types.ts'
import { formatBytes, plural } from '../format.ts'
import { queries } from '../queries.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'

/** The second confirmation of a delete: what will be gone, and the name to be typed. */
export function InstanceDelete({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const queryClient = useQueryClient()
  const plan = useQuery(queries.planDelete(instance.instanceId))
  const remove = useMutation({
    mutationFn: () => api.deleteInstance(instance.instanceId),
    onSuccess: async (deleting) => {
      queryClient.setQueryData(['instance', instance.instanceId], deleting)
      await queryClient.invalidateQueries({ queryKey: ['instances'] })
      onClose()
    },
  })
  const isNamed = typed === instance.name
  return (
    <Dialog onClose={onClose} title={`Delete ${instance.name}?`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isNamed) remove.mutate()
        }}
      >
        <Stack>
          <Notice tone="warn">
            <Text size="sm">{plan.data?.warnings.join(' ') ?? 'All records of the Instance are removed.'}</Text>
          </Notice>
          {plan.error ? <ErrorNotice error={plan.error} /> : <GoingAway plan={plan.data} instance={instance} />}
          <TextInput
            label={
              <>
                Type <span className="mono">{instance.name}</span> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
          {remove.error && <ErrorNotice error={remove.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Keep the Instance
            </Button>
            <ReasonedButton
              color="red.8"
              loading={remove.isPending}
              allowed={isNamed}
              why="Type the name of the Instance first."
              onClick={() => remove.mutate()}
            >
              Delete for good
            </ReasonedButton>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function GoingAway({ plan, instance }: { plan: DeletePlan | undefined; instance: Instance }) {
  if (!plan) return <Text size="sm">Working out what will be deleted…</Text>
  const topics = plan.topics ?? instance.statistics?.topicCount
  const bytes = plan.storageBytes ?? instance.statistics?.storageSize
  return (
    <List size="sm" spacing={4} aria-label="What will be deleted">
      <List.Item>
        {plural(plan.nodes.length, 'node')}: {plan.nodes.map((node) => node.address).join(', ')}
      </List.Item>
      {topics !== undefined && (
        <List.Item>
          {plural(topics, 'topic')}
          {bytes !== undefined && ` with ${formatBytes(bytes)} of data`}
        </List.Item>
      )}
    </List>
  )
}
