import { Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { holdings } from '../api-holdings.ts'
import type { Group } from '../api-types.ts'
import { NamedDelete } from '../components/NamedDelete.tsx'
import { paths } from '../paths.ts'

export function GroupDelete({ instanceId, group, onClose }: { instanceId: string; group: Group; onClose: () => void }) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => holdings.deleteGroup(instanceId, group.groupId),
    onSuccess: async () => {
      await navigate({ to: paths.instance, params: { instanceId }, search: { tab: 'groups' } })
      queryClient.removeQueries({ queryKey: ['instance', instanceId, 'group', group.groupId] })
      await queryClient.invalidateQueries({ queryKey: ['instance', instanceId, 'groups'] })
    },
  })
  return (
    <NamedDelete
      kind="consumer group"
      name={group.groupId}
      keep="Keep the group"
      warning={
        <Text size="sm">
          Kafka forgets how far it has read. Consumers that join it later begin where their own settings say: at the
          first record, or after the last.
        </Text>
      }
      isPending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    />
  )
}
