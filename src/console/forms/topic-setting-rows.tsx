import { ActionIcon, Button, Stack, Text, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useId } from 'react'
import { settingValueProblem } from '../../domain/setting-value.ts'
import { topicSettings } from '../../domain/topic-settings.ts'
import type { KnownSetting } from '../api-types.ts'
import { amountWords, kindWords, valueWords } from '../components/setting-words.ts'
import classes from './setting-row.module.css'
import { SettingPicker } from './setting-picker.tsx'
import { SettingValue } from './setting-value.tsx'
import * as draft from './settings-draft.ts'

type TopicSettingRowsProps = {
  rows: draft.DraftRow[]
  known: KnownSetting[]
  /** Keys that have a field of their own. */
  without?: readonly string[]
  onChange: (rows: draft.DraftRow[]) => void
}

/** Settings of a topic: each with its value and what it means, and a picker for more. */
export function TopicSettingRows({ rows, known, without = [], onChange }: TopicSettingRowsProps) {
  const left = known.filter(
    ({ key }) => !without.includes(key) && !rows.some((row) => row.key === key && !row.isRemoved),
  )
  return (
    <Stack gap="lg">
      {rows.map((row) => (
        <TopicSettingRow
          key={row.key}
          row={row}
          known={known.find(({ key }) => key === row.key)}
          onValue={(value) => onChange(draft.withValue(rows, row.key, value))}
          onRemove={() => onChange(draft.without(rows, row.key))}
          onPutBack={() => onChange(draft.putBack(rows, row.key))}
        />
      ))}
      <SettingPicker
        key={rows.map(({ key }) => key).join()}
        settings={left}
        onPick={(key) => onChange(draft.withKey(rows, key))}
      />
    </Stack>
  )
}

type TopicSettingRowProps = {
  row: draft.DraftRow
  known: KnownSetting | undefined
  onValue: (value: string) => void
  onRemove: () => void
  onPutBack: () => void
}

function TopicSettingRow({ row, known, onValue, onRemove, onPutBack }: TopicSettingRowProps) {
  const id = useId()
  const { key, value } = row
  if (row.isRemoved) return <RemovedRow row={row} known={known} onPutBack={onPutBack} />
  return (
    <div className={classes.row} role="group" aria-label={key}>
      <label htmlFor={id} className={`mono ${classes.key}`}>
        {key}
      </label>
      <div className={classes.line}>
        <SettingValue
          id={id}
          value={value ?? ''}
          onChange={onValue}
          known={known}
          isSecret={false}
          error={value === null ? undefined : valueProblem(key, value)}
          description={factsOf(row, known)}
          isFocused={value === null}
        />
        <Tooltip label={row.before === null ? 'Leave it as it is' : 'Back to the default'}>
          <ActionIcon variant="default" size={36} aria-label={`Take ${key} away`} onClick={onRemove}>
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      {known?.documentation && (
        <details className={classes.about}>
          <summary>What it does</summary>
          <p>{known.documentation}</p>
        </details>
      )}
    </div>
  )
}

type RemovedRowProps = { row: draft.DraftRow; known: KnownSetting | undefined; onPutBack: () => void }

function RemovedRow({ row: { key }, known, onPutBack }: RemovedRowProps) {
  return (
    <div className={classes.row} role="group" aria-label={key}>
      <s className={`mono ${classes.key}`}>{key}</s>
      <div className={classes.line}>
        <Text size="sm" className={classes.removed!}>
          {known ? `Goes back to what holds without it: ${wholeWords(key, known.default)}.` : 'Is taken away.'}
        </Text>
        <Button size="xs" variant="default" onClick={onPutBack}>
          Keep it
        </Button>
      </div>
    </div>
  )
}

/** "604800000 (7 d)" */
function wholeWords(key: string, value: string | null): string {
  const amount = value === null ? undefined : amountWords(key, value)
  return amount ? `${value} (${amount})` : valueWords(value)
}

const definitions = new Map(topicSettings.map((setting) => [setting.key, setting]))

/** What can be told without Kafka; the rest it says itself. */
function valueProblem(key: string, value: string): string | undefined {
  const definition = definitions.get(key)
  return definition && settingValueProblem(value, definition)
}

/** The first row that cannot be sent, in words; undefined: all can. */
export function rowsProblem(rows: draft.DraftRow[]): string | undefined {
  const unfilled = draft.unfilledIn(rows)
  if (unfilled) return `Give ${unfilled} a value, or take it away.`
  return draft
    .wantedIn(rows)
    .map(({ key, value }) => valueProblem(key, value))
    .find(Boolean)
}

function factsOf({ key, value }: draft.DraftRow, known: KnownSetting | undefined): string {
  const amount = value === null ? undefined : amountWords(key, value.trim())
  const facts = known
    ? `${capital(kindWords(known))}; otherwise ${wholeWords(key, known.default)}.`
    : 'Not a setting that Millrace knows: Kafka says whether it takes it.'
  return amount ? `${amount}. ${facts}` : facts
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
