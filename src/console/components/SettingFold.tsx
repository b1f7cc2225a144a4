import { Text } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { isReservedSetting } from '../../domain/kafka-settings.ts'
import type { EffectiveSetting } from '../api-types.ts'
import { Badge } from '../ui/Badge.tsx'
import { Facts } from '../ui/Panel.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import { amountWords, effectWords, kindWords, originOf, originWords, valueWords } from './setting-words.ts'
import classes from './SettingFold.module.css'

type SettingFoldProps = {
  setting: EffectiveSetting
  /** Why none can be changed now. */
  why: string | undefined
  onChange: (key: string) => void
}

/** A setting in a line; opened, everything that is known of it. */
export function SettingFold({ setting, why, onChange }: SettingFoldProps) {
  const [isOpen, setOpen] = useState(false)
  const origin = originOf(setting)
  const { label, tone, meaning } = originWords[origin]
  return (
    <li className={classes.item}>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={classes.summary}>
          <IconChevronRight size={14} className={classes.chevron} aria-hidden />
          <span className={`mono ${classes.key}`}>{setting.key}</span>
          <span className={classes.value}>
            <Value setting={setting} />
          </span>
          <span className={classes.origin}>
            {origin === 'here' || origin === 'cluster' ? (
              <Badge tone={tone} title={meaning}>
                {label}
              </Badge>
            ) : (
              <span title={meaning}>{label}</span>
            )}
          </span>
          <span className={classes.effect}>{isReservedSetting(setting.key) ? 'Fixed' : effectWords(setting)}</span>
        </summary>
        {isOpen && <About setting={setting} why={why} onChange={onChange} />}
      </details>
    </li>
  )
}

/** What is in force; while that is not known or not yet so, what was asked for. */
function Value({ setting: { key, value, wanted, source, isSecret } }: { setting: EffectiveSetting }) {
  if (isSecret) return <span className={classes.quiet}>hidden</span>
  if (source === null) {
    return wanted === null ? <span className={classes.quiet}>–</span> : <Written name={key} value={wanted} />
  }
  const isOnItsWay = wanted !== null && wanted.trim() !== value?.trim()
  return (
    <>
      <Written name={key} value={value} />
      {isOnItsWay && <span className={classes.coming}>to be {valueWords(wanted)}</span>}
    </>
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

function About({ setting, why, onChange }: SettingFoldProps) {
  const { key, needsRestart, isSecret, wanted, importance } = setting
  const isFixed = isReservedSetting(key)
  const facts: [string, ReactNode][] = [
    ['Value', kindWords(setting)],
    ['Kafka’s default', isSecret ? 'hidden' : <Written name={key} value={setting.default} />],
    ['Set here', wanted === null ? 'no' : <Written name={key} value={wanted} />],
    ['From', originWords[originOf(setting)].meaning],
    ['A change', effectStory(isFixed, needsRestart)],
    ['Importance', importance],
  ]
  return (
    <div className={classes.about}>
      <Text size="sm" className={classes.documentation!}>
        {setting.documentation || 'Kafka says nothing of it.'}
      </Text>
      <Facts facts={facts} />
      {!isFixed && (
        <ReasonedButton size="xs" variant="default" mt="sm" allowed={!why} why={why} onClick={() => onChange(key)}>
          {wanted === null ? 'Set it for this Instance' : 'Change it'}
        </ReasonedButton>
      )}
    </div>
  )
}

function effectStory(isFixed: boolean, needsRestart: boolean): string {
  if (isFixed) return 'Millrace sets it: it makes the node what it is.'
  return needsRestart
    ? 'Kafka reads it at its start: the nodes restart, one after the other, while clients go on.'
    : 'Kafka takes it while it runs: no node restarts.'
}
