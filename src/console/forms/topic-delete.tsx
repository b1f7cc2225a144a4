import { Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { holdings } from '../api-holdings.ts'
import type { Topic } from '../api-types.ts'
import { NamedDelete } from '../components/NamedDelete.tsx'
import { plural } from '../format.ts'
import { paths } from '../paths.ts'

type TopicDeleteProps = { instanceId: string; topic: Topic; onClose: () => void }

export function TopicDelete({ instanceId, topic, onClose }: TopicDeleteProps) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => holdings.deleteTopic(instanceId, topic.topicId),
    onSuccess: async () => {
      await navigate({ to: paths.instance, params: { instanceId }, search: { tab: 'topics' } })
      queryClient.removeQueries({ queryKey: ['instance', instanceId, 'topic', topic.topicId] })
      await queryClient.invalidateQueries({ queryKey: ['instance', instanceId, 'topics'] })
    },
  })
  return (
    <NamedDelete
      kind="topic"
      name={topic.name}
      keep="Keep the topic"
      warning={
        <Text size="sm">
          All records in its {plural(topic.partition, 'partition')} are lost. Clients that write to it or read from it
          get errors. Access rules that name it stay.
        </Text>
      }
      isPending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    />
  )
}
