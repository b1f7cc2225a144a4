import { ActionIcon, Autocomplete, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Instance } from '../api-types.ts'
import { queries } from '../queries.ts'
import { ErrorNotice } from '../ui/Notice.tsx'
import { ChangeDialog } from './change-dialog.tsx'
import classes from './instance-settings.module.css'

type Setting = { key: string; value: string }

/** The Instance's own Kafka settings: added, changed, and taken away again. */
export function InstanceSettings({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const present = useQuery(queries.configurations(instance.instanceId))
  if (present.error) return <ErrorNotice error={present.error} />
  if (!present.data) return <Skeleton height={0} />
  const settings = present.data.list.map(({ key, value }) => ({ key, value }))
  return <SettingsForm instance={instance} present={settings} onClose={onClose} />
}

type SettingsFormProps = { instance: Instance; present: Setting[]; onClose: () => void }

const pathOf = (index: number, part: 'key' | 'value') => `features.instanceConfigs.${index}.${part}`

function SettingsForm({ instance, present, onClose }: SettingsFormProps) {
  const [rows, setRows] = useState<Setting[]>(present)
  const catalogue = useQuery(queries.settingsOfVersion(instance.targetVersion))
  const filled = useMemo(() => rows.filter(({ key }) => key.trim() !== ''), [rows])
  const isChanged = JSON.stringify(filled) !== JSON.stringify(present)
  const request = useMemo(
    () => (isChanged ? { verb: 'change' as const, body: { features: { instanceConfigs: filled } } } : null),
    [isChanged, filled],
  )
  const put = (index: number, change: Partial<Setting>) =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...change } : row)))
  const fields = filled.flatMap((_, index) => [pathOf(index, 'key'), pathOf(index, 'value')])
  return (
    <ChangeDialog
      instance={instance}
      title={`Kafka settings of ${instance.name}`}
      verb="Change settings"
      request={request}
      hint="Nothing is changed yet."
      fields={fields}
      onClose={onClose}
    >
      {(errors) => (
        <Stack gap="sm">
          {rows.length === 0 && (
            <Text size="sm" c="dimmed">
              It has no settings of its own: everything is as Kafka and Millrace have it.
            </Text>
          )}
          {rows.map((row, index) => (
            <SettingRow
              key={index}
              row={row}
              keys={catalogue.data?.list ?? []}
              error={errors[pathOf(filled.indexOf(row), 'key')] ?? errors[pathOf(filled.indexOf(row), 'value')]}
              onChange={(change) => put(index, change)}
              onRemove={() => setRows(rows.filter((_, at) => at !== index))}
            />
          ))}
          <Group>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => setRows([...rows, { key: '', value: '' }])}
            >
              Add a setting
            </Button>
          </Group>
        </Stack>
      )}
    </ChangeDialog>
  )
}

type Known = { key: string; default: string | null; documentation: string; updateMode: string; range: string | null }
type SettingRowProps = {
  row: Setting
  keys: Known[]
  error: string | undefined
  onChange: (change: Partial<Setting>) => void
  onRemove: () => void
}

const mostOffered = 12

function SettingRow({ row, keys, error, onChange, onRemove }: SettingRowProps) {
  const known = keys.find(({ key }) => key === row.key)
  return (
    <div className={classes.row}>
      <Autocomplete
        label="Key"
        className={classes.key!}
        data={keys.map(({ key }) => key)}
        limit={mostOffered}
        value={row.key}
        onChange={(key) => onChange({ key })}
        error={!!error}
        spellCheck={false}
        data-autofocus={row.key === '' || undefined}
      />
      <TextInput
        label="Value"
        value={row.value}
        onChange={(event) => onChange({ value: event.currentTarget.value })}
        placeholder={known?.default ?? ''}
        error={!!error}
        spellCheck={false}
      />
      <ActionIcon variant="default" size={36} aria-label={`Take ${row.key || 'this setting'} away`} onClick={onRemove}>
        <IconTrash size={15} aria-hidden />
      </ActionIcon>
      {(error ?? known) && (
        <Text size="xs" className={classes.words!} {...(error ? { c: 'red' } : { c: 'dimmed' })}>
          {error ?? (known && wordsOf(known))}
        </Text>
      )}
    </div>
  )
}

const wordsOf = ({ documentation, updateMode, range }: Known): string =>
  [updateMode === 'read-only' ? 'Needs a restart.' : 'At once.', range, documentation].filter(Boolean).join(' ')
