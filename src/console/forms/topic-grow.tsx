import { Button, Group, NumberInput, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { growthProblem, growthWarning, partitionLimits } from '../../domain/topic.ts'
import { holdings } from '../api-holdings.ts'
import type { Topic } from '../api-types.ts'
import { plural } from '../format.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'

type TopicGrowProps = { instanceId: string; topic: Topic; onClose: () => void }

/** Adds partitions, after the warning that they cannot be taken away and that keys move. */
export function TopicGrow({ instanceId, topic, onClose }: TopicGrowProps) {
  const queryClient = useQueryClient()
  const [typed, setTyped] = useState<number | ''>(Math.min(topic.partition * 2, partitionLimits.most))
  const grow = useMutation({
    mutationFn: (count: number) => holdings.growTopic(instanceId, topic.topicId, count),
    onSuccess: async (grown) => {
      queryClient.setQueryData(['instance', instanceId, 'topic', topic.topicId], grown)
      await queryClient.invalidateQueries({ queryKey: ['instance', instanceId] })
      onClose()
    },
  })
  const count = Number(typed)
  const problem = growthProblem(topic.partition, count)
  const why = problem ?? (count === topic.partition ? 'It has so many already.' : undefined)
  return (
    <Dialog onClose={onClose} title={`Add partitions to ${topic.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (why === undefined) grow.mutate(count)
        }}
        noValidate
      >
        <Stack>
          <NumberInput
            label="Partitions in all"
            description={`It has ${topic.partition} now; at most ${partitionLimits.most.toLocaleString('en')}.`}
            min={topic.partition}
            max={partitionLimits.most}
            clampBehavior="none"
            allowDecimal={false}
            value={typed}
            onChange={(value) => setTyped(typeof value === 'number' ? value : '')}
            error={problem}
            data-autofocus
          />
          <Notice
            tone="warn"
            title={why ? 'Before partitions are added' : `${plural(count - topic.partition, 'partition')} more`}
          >
            <Text size="sm">{growthWarning} Partitions cannot be taken away again.</Text>
          </Notice>
          {grow.error && <ErrorNotice error={grow.error} title="Nothing was added" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Keep as it is
            </Button>
            <ReasonedButton
              loading={grow.isPending}
              allowed={why === undefined}
              why={why}
              onClick={() => grow.mutate(count)}
            >
              Add partitions
            </ReasonedButton>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
