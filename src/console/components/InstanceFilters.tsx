import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
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
  const input = useRef<HTMLInputElement>(null)
  const sent = useRef(search.keyword ?? '')
  const find = useDebouncedCallback((keyword: string) => {
    sent.current = keyword
    onChange({ keyword })
  }, 250)
  // Only what came from elsewhere, such as the Back button, replaces what is in the box: never a slow echo of typing.
  useEffect(() => {
    const keyword = search.keyword ?? ''
    if (keyword === sent.current || !input.current) return
    sent.current = keyword
    input.current.value = keyword
  }, [search.keyword])
  return (
    <div className={classes.filters} role="search">
      <TextInput
        type="search"
        aria-label="Search by name, id or remark"
        placeholder="Search by name, id or remark"
        leftSection={<IconSearch size={16} aria-hidden />}
        className={classes.keyword}
        ref={input}
        defaultValue={search.keyword}
        onChange={(event) => find(event.currentTarget.value.trim())}
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
