import { Autocomplete, Button, Group, Text, type ComboboxItem } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { KnownSetting } from '../api-types.ts'
import { effectWords, settingsMatching } from '../components/setting-words.ts'
import classes from './setting-picker.module.css'

type SettingPickerProps = { settings: KnownSetting[]; onPick: (key: string) => void }

const mostOffered = 30

/** Finds a setting by its key or by what Kafka says of it. A key that plugins alone know may be typed as it is.
 * To be made anew for each pick: it keeps what was typed. */
export function SettingPicker({ settings, onPick }: SettingPickerProps) {
  const [typed, setTyped] = useState('')
  const byKey = new Map(settings.map((setting) => [setting.key, setting]))
  const key = typed.trim()
  return (
    <Group align="end" gap="xs" wrap="nowrap">
      <Autocomplete
        label="Add a setting"
        placeholder="Find by name or purpose, such as retention"
        className={classes.field!}
        data={settings.map((setting) => setting.key)}
        value={typed}
        onChange={setTyped}
        onOptionSubmit={onPick}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || key === '' || settingsMatching(settings, key).length > 0) return
          event.preventDefault()
          onPick(key)
        }}
        filter={({ search }) => settingsMatching(settings, search).slice(0, mostOffered).map(itemOf)}
        renderOption={({ option }) => <Offer setting={byKey.get(option.value)} />}
        selectFirstOptionOnChange
        // The list itself scrolls, as the field promises of it; and it lies in the page's landmark, as menus do.
        withScrollArea={false}
        classNames={{ option: classes.option!, options: classes.options! }}
        spellCheck={false}
        comboboxProps={{ position: 'bottom-start', portalProps: { target: '#main' } }}
      />
      <Button
        variant="default"
        leftSection={<IconPlus size={15} aria-hidden />}
        disabled={key === ''}
        onClick={() => onPick(key)}
      >
        Add
      </Button>
    </Group>
  )
}

const itemOf = ({ key }: KnownSetting): ComboboxItem => ({ value: key, label: key })

function Offer({ setting }: { setting: KnownSetting | undefined }) {
  if (!setting) return null
  return (
    <div className={classes.offer}>
      <span className={`mono ${classes.key}`}>{setting.key}</span>
      <span className={classes.effect}>{effectWords(setting)}</span>
      <Text size="xs" c="dimmed" lineClamp={1} className={classes.words!}>
        {setting.documentation}
      </Text>
    </div>
  )
}
