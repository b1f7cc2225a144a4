import { Button, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import type { Topic, TopicSetting } from '../../api-types.ts'
import { settingsMatching } from '../../components/setting-words.ts'
import { TopicSettingFold } from '../../components/TopicSettingFold.tsx'
import { TopicSettings } from '../../forms/topic-settings.tsx'
import { topicSettingsShown, type TopicSearch, type TopicSettingsShown } from '../../holding-search.ts'
import { useWhyNotTopic } from '../../may.ts'
import { paths } from '../../paths.ts'
import { holdingQueries } from '../../queries-holdings.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListBar, listBarKeyword } from '../../ui/ListBar.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import classes from './SettingsTab.module.css'

type StartWith = { key: string; isRemoved?: boolean }

/** The dialog that changes settings: opened by the page's own button, and by each setting for itself. */
export function useTopicSettingsDialog(
  instanceId: string,
  topic: Topic,
): { open: (startWith?: StartWith) => void; dialog: ReactNode } {
  const settings = useQuery(holdingQueries.topicSettings(instanceId, topic.topicId))
  const [opened, setOpened] = useState<{ startWith?: StartWith | undefined }>()
  const dialog = opened && settings.data && (
    <TopicSettings
      instanceId={instanceId}
      topic={topic}
      settings={settings.data.list}
      startWith={opened.startWith}
      onClose={() => setOpened(undefined)}
    />
  )
  return { open: (startWith) => setOpened({ startWith }), dialog }
}

const isShown: Record<TopicSettingsShown, (setting: TopicSetting) => boolean> = {
  here: ({ source }) => source === 'topic',
  changed: ({ source }) => source !== 'default',
  all: () => true,
}
const shownWords: Record<TopicSettingsShown, string> = { here: 'Set here', changed: 'Not default', all: 'All' }

type TopicSettingsTabProps = { instanceId: string; topic: Topic; onSetting: (startWith: StartWith) => void }

export function TopicSettingsTab({ instanceId, topic, onSetting }: TopicSettingsTabProps) {
  const { show = 'all', keyword = '' } = useSearch({ from: '/shell/instances/$instanceId/topics/$topicId' })
  const navigate = useNavigate({ from: paths.topic })
  const { data, error, refetch } = useQuery(holdingQueries.topicSettings(instanceId, topic.topicId))
  const why = useWhyNotTopic(topic.name)
  const look = (next: Partial<TopicSearch>) =>
    void navigate({ search: { tab: 'settings', show, keyword, ...next }, replace: true })
  const matching = data && settingsMatching(data.list, keyword)
  const listed = matching?.filter(isShown[show])
  return (
    <>
      <ListBar>
        <SearchField
          label="Search settings"
          keyword={keyword}
          onFind={(next) => look({ keyword: next })}
          className={listBarKeyword}
        />
        <SegmentedControl
          aria-label="Which settings"
          value={show}
          onChange={(next) => look({ show: next as TopicSettingsShown })}
          data={topicSettingsShown.map((value) => ({
            value,
            label: (
              <span className={classes.choice}>
                {shownWords[value]}
                {matching && <span className={classes.count}>{matching.filter(isShown[value]).length}</span>}
              </span>
            ),
          }))}
        />
      </ListBar>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!listed && !error && <Reading />}
      {listed?.length === 0 && <NothingShown keyword={keyword} onAll={() => look({ show: 'all', keyword: '' })} />}
      {listed && listed.length > 0 && (
        <Sheet>
          <ul className={classes.list} aria-label="Settings of the topic">
            {listed.map((setting) => (
              <TopicSettingFold
                key={setting.key}
                setting={setting}
                why={why}
                onChange={(key) => onSetting({ key })}
                onPutBack={(key) => onSetting({ key, isRemoved: true })}
              />
            ))}
          </ul>
        </Sheet>
      )}
    </>
  )
}

function Reading() {
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" role="status">
        Asking Kafka for the settings…
      </Text>
      <Skeleton height={360} radius="lg" />
    </Stack>
  )
}

function NothingShown({ keyword, onAll }: { keyword: string; onAll: () => void }) {
  return (
    <Sheet>
      <EmptyState
        title={keyword === '' ? 'Nothing to show' : 'No match'}
        action={
          <Button variant="default" onClick={onAll}>
            Show all settings
          </Button>
        }
      >
        {keyword === ''
          ? 'It has no settings of its own: all are as the Instance and Kafka have them.'
          : `No setting among these has “${keyword}” in its name or its words.`}
      </EmptyState>
    </Sheet>
  )
}
