import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconTrash } from '@tabler/icons-react'
import type { ExporterDraft } from './exporter-draft.ts'

/** Labels that every series gets beside those of Millrace. */
export function LabelRows({ form }: { form: UseFormReturnType<ExporterDraft> }) {
  return (
    <Stack gap="xs" role="group" aria-labelledby="exporter-labels">
      <div>
        <Text size="sm" fw={600} id="exporter-labels">
          Labels
        </Text>
        <Text size="xs" c="dimmed">
          Every series has instance_id, instance_name, cluster and node already.
        </Text>
      </div>
      {form.values.labels.map((label, index) => (
        <Group key={index} align="flex-start" gap="xs" wrap="nowrap">
          <TextInput
            aria-label={`Name of label ${index + 1}`}
            placeholder="team"
            flex={1}
            {...form.getInputProps(`labels.${index}.name`)}
          />
          <TextInput
            aria-label={`Value of label ${index + 1}`}
            placeholder="shop"
            flex={1}
            {...form.getInputProps(`labels.${index}.value`)}
          />
          <ActionIcon
            variant="default"
            size={36}
            aria-label={`Remove label ${label.name || index + 1}`}
            onClick={() => form.removeListItem('labels', index)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button size="xs" variant="default" onClick={() => form.insertListItem('labels', { name: '', value: '' })}>
          Add a label
        </Button>
      </div>
    </Stack>
  )
}
