import { Autocomplete, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { holdingQueries } from '../queries-holdings.ts'
import type { AclDraft, AclPattern, AclProblems } from './acl-draft.ts'
import classes from './holding-dialog.module.css'

export type AclFieldsProps = {
  instanceId: string
  draft: AclDraft
  problems: AclProblems
  onChange: (changed: Partial<AclDraft>) => void
}

/** Names are offered out of what is there, and may be others: rules can come before what they are about. */
type NameFieldProps = {
  instanceId: string
  label: string
  value: string
  onChange: (value: string) => void
  error: string | undefined
  description?: string
}

const mostOffered = 20

const common = {
  spellCheck: false,
  autoComplete: 'off',
  // The list lies in the page's landmark, as menus do, and scrolls itself.
  withScrollArea: false,
  limit: mostOffered,
  comboboxProps: { portalProps: { target: '#main' } },
} as const

export function UserField({ instanceId, ...field }: NameFieldProps & { autoFocus?: boolean }) {
  const { data } = useQuery(holdingQueries.users(instanceId, { size: 200 }))
  return <Autocomplete {...common} {...field} data={data?.list.map(({ name }) => name) ?? []} data-autofocus />
}

export function TopicField({ instanceId, ...field }: NameFieldProps) {
  const [keyword] = useDebouncedValue(field.value.trim(), 250)
  const { data } = useQuery(holdingQueries.topics(instanceId, { size: mostOffered, ...(keyword && { keyword }) }))
  return <Autocomplete {...common} {...field} data={data?.list.map(({ name }) => name) ?? []} />
}

export function GroupField({ instanceId, ...field }: NameFieldProps) {
  const [keyword] = useDebouncedValue(field.value.trim(), 250)
  const { data } = useQuery(holdingQueries.groups(instanceId, { size: mostOffered, ...(keyword && { keyword }) }))
  return <Autocomplete {...common} {...field} data={data?.list.map(({ groupId }) => groupId) ?? []} />
}

type PatternedProps = {
  what: string
  pattern: AclPattern
  onPattern: (pattern: AclPattern) => void
  children: React.ReactNode
}

/** How a name is meant: itself, as a beginning, or not at all. */
export function Patterned({ what, pattern, onPattern, children }: PatternedProps) {
  return (
    <div className={classes.pair}>
      <NativeSelect
        label={`Which ${what}`}
        data={[
          { value: 'LITERAL', label: `The one of this name` },
          { value: 'PREFIXED', label: 'All that begin with' },
          { value: 'any', label: 'Any' },
        ]}
        value={pattern}
        onChange={(event) => onPattern(event.currentTarget.value as AclPattern)}
      />
      {pattern !== 'any' && children}
    </div>
  )
}

export function PlainField({ label, description, value, onChange, error }: Omit<NameFieldProps, 'instanceId'>) {
  return (
    <TextInput
      label={label}
      description={description}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      // Beside another field, both stand on one line.
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      spellCheck={false}
      autoComplete="off"
    />
  )
}
