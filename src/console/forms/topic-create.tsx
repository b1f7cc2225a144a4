import { Button, Group, NativeSelect, NumberInput, Stack, Text, TextInput, Tooltip } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { longestTopicName, partitionLimits } from '../../domain/topic.ts'
import { holdings } from '../api-holdings.ts'
import { offeredSettings } from '../components/topic-setting-catalogue.ts'
import { paths } from '../paths.ts'
import { toProblem } from '../problem.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { fieldErrors } from './field-errors.ts'
import { useIdempotencyKey } from './idempotency-key.ts'
import classes from './holding-dialog.module.css'
import {
  emptyTopic,
  fieldedKeys,
  retentions,
  topicBodyOf,
  topicProblems,
  type CleanupPolicy,
  type TopicDraft,
} from './topic-draft.ts'
import { rowsProblem, TopicSettingRows } from './topic-setting-rows.tsx'

const policies: { value: CleanupPolicy; label: string }[] = [
  { value: 'delete', label: 'Deleted after a time' },
  { value: 'compact', label: 'Compacted: the newest of each key stays' },
  { value: 'compact,delete', label: 'Compacted, and deleted after a time' },
]

/** A new topic. What is not chosen stays as the Instance has it. */
export function TopicCreate({ instanceId, onClose }: { instanceId: string; onClose: () => void }) {
  const form = useForm<TopicDraft>({ initialValues: emptyTopic, validate: topicProblems })
  const create = useCreate(instanceId, (fields) => form.setErrors(fields))
  const { settings, policy } = form.values
  const problem = rowsProblem(settings)
  const isElsewhere = create.error && Object.keys(form.errors).length === 0
  return (
    <Dialog onClose={onClose} title="Create a topic" size="lg">
      <form
        onSubmit={form.onSubmit((draft) => {
          if (problem === undefined) create.mutate(draft)
        })}
        noValidate
      >
        <Stack>
          <TextInput
            label="Name"
            description={`Letters, digits, “.”, “_” and “-”; up to ${longestTopicName} characters. It cannot be changed later.`}
            withAsterisk
            data-autofocus
            spellCheck={false}
            autoComplete="off"
            {...form.getInputProps('name')}
          />
          <div className={classes.pair}>
            <NumberInput
              label="Partitions"
              description="More can be added later, never fewer."
              min={partitionLimits.least}
              max={partitionLimits.most}
              clampBehavior="none"
              allowDecimal={false}
              {...form.getInputProps('partitions')}
            />
            <NumberInput
              label="Copies of each"
              description="Each copy is on a node of its own."
              placeholder="As the Instance has it"
              min={1}
              clampBehavior="none"
              allowDecimal={false}
              {...form.getInputProps('copies')}
            />
          </div>
          <div className={classes.pair}>
            <NativeSelect label="Old records are" data={policies} {...form.getInputProps('policy')} />
            {policy !== 'compact' && (
              <NativeSelect label="Records are kept" data={retentions} {...form.getInputProps('retention')} />
            )}
          </div>
          <div>
            <Text fw={600} size="sm" mb="xs">
              Further settings
            </Text>
            <TopicSettingRows
              rows={settings}
              known={offeredSettings}
              without={fieldedKeys}
              onChange={(rows) => form.setFieldValue('settings', rows)}
            />
          </div>
          {isElsewhere && <ErrorNotice error={create.error} title="The topic was not created" />}
          <Group justify="flex-end" className={classes.foot!}>
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <SubmitButton isPending={create.isPending} why={problem} />
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

/** Enter sends the form too: the rules of a setting are asked there again. */
function SubmitButton({ isPending, why }: { isPending: boolean; why: string | undefined }) {
  const closed = why && { 'data-disabled': true, 'aria-disabled': true, 'aria-description': why }
  return (
    <Tooltip label={why} disabled={!why}>
      <Button type="submit" loading={isPending} {...closed}>
        Create topic
      </Button>
    </Tooltip>
  )
}

function useCreate(instanceId: string, onRefused: (fields: Record<string, string>) => void) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const keyFor = useIdempotencyKey()
  return useMutation({
    mutationFn: (draft: TopicDraft) => {
      const body = topicBodyOf(draft)
      return holdings.createTopic(instanceId, body, keyFor(body))
    },
    onSuccess: ({ topicId }) => {
      void queryClient.invalidateQueries({ queryKey: ['instance', instanceId, 'topics'] })
      void navigate({ to: paths.topic, params: { instanceId, topicId } })
    },
    onError: (error) => onRefused(refusedFields(error)),
  })
}

/** The contract's words for two of the fields are others. */
function refusedFields(error: unknown): Record<string, string> {
  const problem = toProblem(error)
  const { partition, replicationFactor, ...fields } = fieldErrors(problem, ['name', 'partition', 'replicationFactor'])
  return {
    ...fields,
    ...(partition !== undefined && { partitions: partition }),
    ...(replicationFactor !== undefined && { copies: replicationFactor }),
    ...(problem.code === 'Topic.NameTaken' && { name: problem.message }),
  }
}
