import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { holdings } from '../api-holdings.ts'
import type { Topic, TopicSetting } from '../api-types.ts'
import { knownFrom } from '../components/topic-setting-catalogue.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import classes from './holding-dialog.module.css'
import { draftOf, isChanged, withKey, without, type DraftRow } from './settings-draft.ts'
import { rowsProblem, TopicSettingRows } from './topic-setting-rows.tsx'

type TopicSettingsProps = {
  instanceId: string
  topic: Topic
  settings: TopicSetting[]
  /** The key that is to be set, or taken away. */
  startWith?: { key: string; isRemoved?: boolean } | undefined
  onClose: () => void
}

/** The topic's own settings: added, changed, and taken away again. All are in force at once. */
export function TopicSettings({ instanceId, topic, settings, startWith, onClose }: TopicSettingsProps) {
  const queryClient = useQueryClient()
  const [rows, setRows] = useState(() => {
    const own = draftOf(Object.entries(topic.configs).map(([key, value]) => ({ key, value })))
    if (!startWith) return own
    return startWith.isRemoved ? without(own, startWith.key) : withKey(own, startWith.key)
  })
  const change = useMutation({
    mutationFn: () => holdings.configureTopic(instanceId, topic.topicId, { configs: changesIn(rows) }),
    onSuccess: async (changed) => {
      queryClient.setQueryData(['instance', instanceId, 'topic', topic.topicId], changed)
      await queryClient.invalidateQueries({ queryKey: ['instance', instanceId] })
      onClose()
    },
  })
  const why = rowsProblem(rows) ?? (isChanged(rows) ? undefined : 'Nothing is changed yet.')
  return (
    <Dialog onClose={onClose} title={`Settings of ${topic.name}`} size="lg">
      <Stack>
        {rows.length === 0 && (
          <Text size="sm" c="dimmed">
            It has no settings of its own: all are as the Instance and Kafka have them. Add the first one.
          </Text>
        )}
        <TopicSettingRows
          rows={rows}
          known={settings.filter(({ isReadOnly }) => !isReadOnly).map(knownFrom)}
          onChange={setRows}
        />
        {change.error && <ErrorNotice error={change.error} title="Nothing was changed" />}
        <Group justify="flex-end" className={classes.foot!}>
          <Text size="sm" c="dimmed" className={classes.hold!}>
            In force at once; no node restarts.
          </Text>
          <Button variant="default" onClick={onClose}>
            Keep as it is
          </Button>
          <ReasonedButton
            loading={change.isPending}
            allowed={why === undefined}
            why={why}
            onClick={() => change.mutate()}
          >
            Change settings
          </ReasonedButton>
        </Group>
      </Stack>
    </Dialog>
  )
}

/** Only what differs is sent; null: back to what holds without it. */
const changesIn = (rows: DraftRow[]): { key: string; value: string | null }[] =>
  rows
    .filter(({ value, before, isRemoved }) => isRemoved || (value !== null && value !== before))
    .map(({ key, value, isRemoved }) => ({ key, value: isRemoved ? null : value }))
