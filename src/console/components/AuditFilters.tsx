import { Button, Menu, NativeSelect, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { auditExportHref, type AuditSearch } from '../audit-search.ts'
import { queries } from '../queries.ts'
import { ListBar, listBarKeyword } from '../ui/ListBar.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { auditActions } from './audit-words.ts'

type AuditFiltersProps = { search: AuditSearch; onChange: (changed: Partial<AuditSearch>) => void }

/** Who, what, where and when; and all that matches as a file. */
export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const { data } = useQuery(queries.instances({ size: 100, sort: 'name' }))
  const { action = '', instanceId = '' } = search
  const instances = data?.list.map((one) => ({ value: one.instanceId, label: one.name })) ?? []
  // One that is deleted, or past the first hundred, or named by hand in the address.
  const isOther = instanceId !== '' && !instances.some(({ value }) => value === instanceId)
  const isOtherAction = !auditActions.some(({ value }) => value === action)
  return (
    <ListBar action={<Export search={search} />}>
      <SearchField
        label="Who"
        keyword={search.keyword ?? ''}
        onFind={(keyword) => onChange({ keyword })}
        className={listBarKeyword}
      />
      <SearchField
        label="Done to"
        keyword={search.subject ?? ''}
        onFind={(subject) => onChange({ subject })}
        className={listBarKeyword}
      />
      <NativeSelect
        aria-label="What"
        data={[...auditActions, ...(isOtherAction ? [action] : [])]}
        value={action}
        onChange={(event) => onChange({ action: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label="Instance"
        data={[{ value: '', label: 'Every Instance' }, ...instances, ...(isOther ? [instanceId] : [])]}
        value={instanceId}
        onChange={(event) => onChange({ instanceId: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        aria-label="From"
        leftSection="from"
        leftSectionWidth={48}
        value={search.from ?? ''}
        max={search.to}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        aria-label="To"
        leftSection="to"
        leftSectionWidth={32}
        value={search.to ?? ''}
        min={search.from}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
    </ListBar>
  )
}

function Export({ search }: { search: AuditSearch }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={auditExportHref(search, 'csv')} download>
          CSV
        </Menu.Item>
        <Menu.Item component="a" href={auditExportHref(search, 'jsonl')} download>
          JSON lines
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
