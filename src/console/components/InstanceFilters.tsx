import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { instanceStates } from '../../domain/instance.ts'
import type { InstancesSearch } from '../search.ts'
import { instanceStateWords, isInstanceState } from '../words.ts'
import classes from './InstanceFilters.module.css'

type InstanceFiltersProps = { search: InstancesSearch; onChange: (changed: Partial<InstancesSearch>) => void }

const states = [
  { value: '', label: 'Every state' },
  ...instanceStates.map((state) => ({ value: state, label: instanceStateWords[state].label })),
]

export function InstanceFilters({ search, onChange }: InstanceFiltersProps) {
  const [typed, setTyped] = useState(search.keyword ?? '')
  useEffect(() => setTyped(search.keyword ?? ''), [search.keyword])
  const find = useDebouncedCallback((keyword: string) => onChange({ keyword }), 250)
  return (
    <div className={classes.filters} role="search">
      <TextInput
        type="search"
        aria-label="Search by name, id or remark"
        placeholder="Search by name, id or remark"
        leftSection={<IconSearch size={16} aria-hidden />}
        className={classes.keyword}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          find(event.currentTarget.value.trim())
        }}
      />
      <NativeSelect
        aria-label="State"
        data={states}
        value={search.state ?? ''}
        onChange={(event) => onChange({ state: stateOf(event.currentTarget.value) } as Partial<InstancesSearch>)}
      />
    </div>
  )
}

const stateOf = (value: string) => (isInstanceState(value) ? value : undefined)
