import { Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { isReservedSetting } from '../../domain/kafka-settings.ts'
import type { ChangeRequest } from '../api.ts'
import type { Instance, KnownSetting } from '../api-types.ts'
import { queries } from '../queries.ts'
import { ErrorNotice } from '../ui/Notice.tsx'
import { ChangeDialog } from './change-dialog.tsx'
import { SettingPicker } from './setting-picker.tsx'
import { SettingRow } from './setting-row.tsx'
import * as draft from './settings-draft.ts'

type InstanceSettingsProps = {
  instance: Instance
  onClose: () => void
  /** The key that is to be set. */
  startWith?: string
}

/** The Instance's own Kafka settings: added, changed, and taken away again. */
export function InstanceSettings({ instance, onClose, startWith }: InstanceSettingsProps) {
  const present = useQuery(queries.configurations(instance.instanceId))
  const catalogue = useQuery(queries.settingsOfVersion(instance.targetVersion))
  const [edited, setEdited] = useState<draft.DraftRow[]>()
  const [picks, setPicks] = useState(startWith ? [startWith] : [])
  const opened = useMemo(() => {
    const rows = present.data && draft.draftOf(present.data.list)
    return rows && startWith ? draft.withKey(rows, startWith) : rows
  }, [present.data, startWith])
  const rows = edited ?? opened
  const request = useMemo(() => requestOf(rows), [rows])
  const known = new Map(catalogue.data?.list.map((setting) => [setting.key, setting]))
  const add = (key: string) => {
    setPicks([...picks, key])
    setEdited(draft.withKey(rows ?? [], key))
  }
  return (
    <ChangeDialog
      instance={instance}
      title={`Kafka settings of ${instance.name}`}
      verb="Change settings"
      request={request}
      hint={rows ? 'Nothing is changed yet.' : 'The settings are being read.'}
      hold={holdOf(rows)}
      fields={draft.fieldsOf(rows ?? [])}
      onClose={onClose}
    >
      {(errors) => (
        <Stack gap="md">
          {present.error && <ErrorNotice error={present.error} onRetry={() => void present.refetch()} />}
          {catalogue.error && <ErrorNotice error={catalogue.error} onRetry={() => void catalogue.refetch()} />}
          {rows ? (
            <Rows rows={rows} known={known} errors={errors} newest={picks.at(-1)} onChange={setEdited} />
          ) : (
            !present.error && <Reading />
          )}
          {rows && <SettingPicker key={picks.length} settings={pickable(known, rows)} onPick={add} />}
        </Stack>
      )}
    </ChangeDialog>
  )
}

function requestOf(rows: draft.DraftRow[] | undefined): ChangeRequest | null {
  if (!rows || !draft.isChanged(rows)) return null
  return { verb: 'change', body: { features: { instanceConfigs: draft.wantedIn(rows) } } }
}

function holdOf(rows: draft.DraftRow[] = []): string | undefined {
  const unfilled = draft.unfilledIn(rows)
  return unfilled && `Give ${unfilled} a value, or take it away.`
}

const pickable = (known: Map<string, KnownSetting>, rows: draft.DraftRow[]): KnownSetting[] =>
  [...known.values()].filter(
    ({ key }) => !isReservedSetting(key) && !rows.some((row) => row.key === key && !row.isRemoved),
  )

function Reading() {
  return (
    <>
      <Text size="sm" c="dimmed" role="status">
        Reading the settings…
      </Text>
      <Skeleton height={72} radius="md" />
    </>
  )
}

type RowsProps = {
  rows: draft.DraftRow[]
  known: Map<string, KnownSetting>
  errors: Record<string, string>
  newest: string | undefined
  onChange: (rows: draft.DraftRow[]) => void
}

function Rows({ rows, known, errors, newest, onChange }: RowsProps) {
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        It has no settings of its own: everything is as Kafka and Millrace have it. Add the first one.
      </Text>
    )
  }
  return (
    <Stack gap="lg">
      {rows.map((row) => (
        <SettingRow
          key={row.key}
          row={row}
          known={known.get(row.key)}
          error={draft.errorAt(rows, row.key, errors)}
          isNewest={row.key === newest}
          onValue={(value) => onChange(draft.withValue(rows, row.key, value))}
          onRemove={() => onChange(draft.without(rows, row.key))}
          onPutBack={() => onChange(draft.putBack(rows, row.key))}
        />
      ))}
    </Stack>
  )
}
