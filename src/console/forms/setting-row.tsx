import { ActionIcon, Button, Text, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useId } from 'react'
import { isSecretName } from '../../domain/kafka-settings.ts'
import type { KnownSetting } from '../api-types.ts'
import { amountWords, effectWords, kindWords, valueWords } from '../components/setting-words.ts'
import { Badge } from '../ui/Badge.tsx'
import classes from './setting-row.module.css'
import { SettingValue } from './setting-value.tsx'
import type { DraftRow } from './settings-draft.ts'

type SettingRowProps = {
  row: DraftRow
  /** What the version says of it; undefined: a plugin's own. */
  known: KnownSetting | undefined
  error: string | undefined
  isNewest: boolean
  onValue: (value: string) => void
  onRemove: () => void
  onPutBack: () => void
}

/** One setting: its value, what it may be, and what a change of it costs. */
export function SettingRow({ row, known, error, isNewest, onValue, onRemove, onPutBack }: SettingRowProps) {
  const id = useId()
  const isDynamic = known?.needsRestart === false
  return (
    <div className={classes.row} role="group" aria-label={row.key}>
      <div className={classes.head}>
        {row.isRemoved ? (
          <s className={`mono ${classes.key}`}>{row.key}</s>
        ) : (
          <label htmlFor={id} className={`mono ${classes.key}`}>
            {row.key}
          </label>
        )}
        <Badge tone={isDynamic ? 'good' : 'warn'}>{known ? effectWords(known) : 'Needs a roll'}</Badge>
      </div>
      {row.isRemoved ? (
        <div className={classes.line}>
          <Text size="sm" className={classes.removed!}>
            {known ? `Goes back to its default: ${valueWords(known.default)}.` : 'Is taken away.'}
          </Text>
          <Button size="xs" variant="default" onClick={onPutBack}>
            Keep it
          </Button>
        </div>
      ) : (
        <div className={classes.line}>
          <SettingValue
            id={id}
            value={row.value ?? ''}
            onChange={onValue}
            known={known}
            isSecret={known?.isSecret ?? isSecretName(row.key)}
            error={error}
            description={factsOf(row, known)}
            isFocused={isNewest}
          />
          <Tooltip label={row.before === null ? 'Leave it as it is' : 'Back to the default'}>
            <ActionIcon variant="default" size={36} aria-label={`Take ${row.key} away`} onClick={onRemove}>
              <IconTrash size={15} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </div>
      )}
      {known?.documentation && (
        <details className={classes.about}>
          <summary>What it does</summary>
          <p>{known.documentation}</p>
        </details>
      )}
    </div>
  )
}

/** "7 d. A whole number, at least 1; Kafka’s own default is 168." Millrace has other values for some, where nobody says. */
function factsOf({ key, value }: DraftRow, known: KnownSetting | undefined): string {
  const amount = value === null ? undefined : amountWords(key, value.trim())
  const facts = known
    ? `${capital(kindWords(known))}; Kafka’s own default is ${valueWords(known.default)}.`
    : 'Kafka’s catalogue does not list it: it is for plugins, and taken as it is.'
  return amount ? `${amount}. ${facts}` : facts
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
