import { Button, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { IconAdjustments } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { EffectiveSetting, Instance } from '../../api-types.ts'
import { settingsIn, settingsMatching } from '../../components/setting-words.ts'
import { SettingFold } from '../../components/SettingFold.tsx'
import { InstanceSettings } from '../../forms/instance-settings.tsx'
import { formatCount, plural } from '../../format.ts'
import { useWhyNotInstance } from '../../may.ts'
import { paths } from '../../paths.ts'
import { queries } from '../../queries.ts'
import { settingsShown, type InstanceSearch, type SettingsShown } from '../../search.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice, Notice } from '../../ui/Notice.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { ReasonedButton } from '../../ui/ReasonedButton.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import classes from './SettingsTab.module.css'

/** Every Kafka setting of the Instance: what is in force, where it comes from, and the way to change it. */
export function SettingsTab({ instance }: { instance: Instance }) {
  const { show = 'changed', keyword = '' } = useSearch({ from: '/shell/instances/$instanceId' })
  const navigate = useNavigate({ from: paths.instance })
  const { data, error, isFetching, refetch } = useQuery(queries.settings(instance.instanceId))
  const [changing, setChanging] = useState<{ key?: string }>()
  const look = (next: Partial<InstanceSearch>) =>
    void navigate({ search: { tab: 'settings', show, keyword, ...next }, replace: true })
  const why = useWhyNotInstance(instance)('mend')
  const change = (key: string) => setChanging({ key })
  const again = () => void refetch()
  const matching = data && settingsMatching(data.list, keyword)
  return (
    <>
      <div className={classes.bar} role="search">
        <SearchField
          label="Search settings"
          keyword={keyword}
          onFind={(next) => look({ keyword: next })}
          className={classes.keyword}
        />
        <SegmentedControl
          aria-label="Which settings"
          value={show}
          onChange={(next) => look({ show: next as SettingsShown })}
          data={settingsShown.map((value) => ({ value, label: labelOf(value, matching) }))}
        />
        <div className={classes.change}>
          <ReasonedButton
            leftSection={<IconAdjustments size={16} aria-hidden />}
            allowed={!why}
            why={why}
            onClick={() => setChanging({})}
          >
            Change settings
          </ReasonedButton>
        </div>
      </div>
      {error && <ErrorNotice error={error} onRetry={again} />}
      {data?.problem && <NobodyTells problem={data.problem} isAsking={isFetching} onRetry={again} />}
      {matching ? (
        <SettingList settings={matching} shown={{ show, keyword }} why={why} onLook={look} onChange={change} />
      ) : (
        !error && <Reading />
      )}
      {changing && (
        <InstanceSettings
          instance={instance}
          onClose={() => setChanging(undefined)}
          {...(changing.key && { startWith: changing.key })}
        />
      )}
    </>
  )
}

const shownWords: Record<SettingsShown, string> = { here: 'Set here', changed: 'Not default', all: 'All' }

const labelOf = (shown: SettingsShown, settings: EffectiveSetting[] | undefined) => (
  <span className={classes.choice}>
    {shownWords[shown]}
    {settings && <span className={classes.count}>{formatCount(settingsIn(settings, shown).length)}</span>}
  </span>
)

type NobodyTellsProps = { problem: string; isAsking: boolean; onRetry: () => void }

/** Kafka does not answer: what it runs with is not known, only what it was given and what its version says. */
function NobodyTells({ problem, isAsking, onRetry }: NobodyTellsProps) {
  const retry = (
    <Button size="xs" variant="default" loading={isAsking} onClick={onRetry}>
      Ask again
    </Button>
  )
  return (
    <div className={classes.notice}>
      <Notice tone="warn" title="No node tells what it runs with" action={retry}>
        <Text size="sm">{problem} Below is what this Instance was given, and what its Kafka version says.</Text>
      </Notice>
    </div>
  )
}

function Reading() {
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" role="status">
        Asking the nodes what they run with…
      </Text>
      <Skeleton height={360} radius="lg" />
    </Stack>
  )
}

type SettingListProps = {
  /** Those with the keyword. */
  settings: EffectiveSetting[]
  shown: { show: SettingsShown; keyword: string }
  why: string | undefined
  onLook: (next: Partial<InstanceSearch>) => void
  onChange: (key: string) => void
}

function SettingList({ settings, shown: { show, keyword }, why, onLook, onChange }: SettingListProps) {
  const listed = settingsIn(settings, show)
  if (listed.length === 0) {
    return <NothingShown show={show} keyword={keyword} others={settings.length} onLook={onLook} />
  }
  return (
    <Sheet>
      <div className={classes.heads} aria-hidden>
        <span>Setting</span>
        <span>In force</span>
        <span>From</span>
        <span>A change</span>
      </div>
      <ul className={classes.list} aria-label="Kafka settings">
        {listed.map((setting) => (
          <SettingFold key={setting.key} setting={setting} why={why} onChange={onChange} />
        ))}
      </ul>
    </Sheet>
  )
}

type NothingShownProps = {
  show: SettingsShown
  keyword: string
  others: number
  onLook: (next: Partial<InstanceSearch>) => void
}

function NothingShown({ show, keyword, others, onLook }: NothingShownProps) {
  const action =
    others > 0 ? (
      <Button variant="default" onClick={() => onLook({ show: 'all' })}>
        {keyword === '' ? 'Show all settings' : `Show ${plural(others, 'match', 'matches')} among all settings`}
      </Button>
    ) : (
      <Button variant="default" onClick={() => onLook({ show: 'changed', keyword: '' })}>
        Show what is not default
      </Button>
    )
  if (keyword !== '') {
    return (
      <Sheet>
        <EmptyState title="No match" action={action}>
          {`No setting ${show === 'all' ? '' : 'among these '}has “${keyword}” in its name or its words.`}
        </EmptyState>
      </Sheet>
    )
  }
  return (
    <Sheet>
      <EmptyState title={show === 'here' ? 'Nothing was set here' : 'Nothing to show'} action={action}>
        {show === 'here'
          ? 'This Instance has no settings of its own: everything is as Kafka and Millrace have it.'
          : 'Every setting that is known is as Kafka has it.'}
      </EmptyState>
    </Sheet>
  )
}
