import { Group, Text } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { TopicSetting } from '../api-types.ts'
import { Badge } from '../ui/Badge.tsx'
import { Facts } from '../ui/Panel.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import { amountWords, kindWords, valueWords } from './setting-words.ts'
import { knownFrom } from './topic-setting-catalogue.ts'
import classes from './TopicSettingFold.module.css'
import { settingSourceWords } from './topic-words.ts'

type TopicSettingFoldProps = {
  setting: TopicSetting
  /** Why none can be changed now. */
  why: string | undefined
  onChange: (key: string) => void
  onPutBack: (key: string) => void
}

/** A setting of a topic in a line; opened, everything that is known of it. */
export function TopicSettingFold(props: TopicSettingFoldProps) {
  const { setting } = props
  const [isOpen, setOpen] = useState(false)
  const { label, tone, meaning } = settingSourceWords[setting.source]
  return (
    <li className={classes.item}>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={classes.summary}>
          <IconChevronRight size={14} className={classes.chevron} aria-hidden />
          <span className={`mono ${classes.key}`}>{setting.key}</span>
          <span className={classes.value}>
            <Written name={setting.key} value={setting.value} />
          </span>
          <span className={classes.origin}>
            {setting.source === 'topic' ? (
              <Badge tone={tone} title={meaning}>
                {label}
              </Badge>
            ) : (
              <span title={meaning}>{label}</span>
            )}
          </span>
        </summary>
        {isOpen && <About {...props} />}
      </details>
    </li>
  )
}

function Written({ name, value }: { name: string; value: string | null }) {
  const amount = value === null ? undefined : amountWords(name, value)
  return (
    <>
      {value ? <span className="mono">{value}</span> : <span className={classes.quiet}>{valueWords(value)}</span>}
      {amount && <span className={classes.amount}>{amount}</span>}
    </>
  )
}

function About({ setting, why, onChange, onPutBack }: TopicSettingFoldProps) {
  const { key, source, otherwise } = setting
  const isOwn = source === 'topic'
  const facts: [string, ReactNode][] = [
    ['Value', kindWords(knownFrom(setting))],
    ['From', settingSourceWords[source].meaning],
    ...(isOwn ? [['Without it', <Written key="otherwise" name={key} value={otherwise} />] as [string, ReactNode]] : []),
    ['A change', setting.isReadOnly ? 'Kafka takes none.' : 'Kafka takes it while it runs: no node restarts.'],
  ]
  return (
    <div className={classes.about}>
      <Text size="sm" className={classes.documentation!}>
        {setting.documentation || 'Kafka says nothing of it.'}
      </Text>
      <Facts facts={facts} />
      {!setting.isReadOnly && (
        <Group gap="xs" mt="sm">
          <ReasonedButton size="xs" variant="default" allowed={!why} why={why} onClick={() => onChange(key)}>
            {isOwn ? 'Change it' : 'Set it for this topic'}
          </ReasonedButton>
          {isOwn && (
            <ReasonedButton size="xs" variant="default" allowed={!why} why={why} onClick={() => onPutBack(key)}>
              Back to the default
            </ReasonedButton>
          )}
        </Group>
      )}
    </div>
  )
}
