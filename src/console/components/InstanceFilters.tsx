import { NativeSelect } from '@mantine/core'
import { instanceStates } from '../../domain/instance.ts'
import type { InstancesSearch } from '../search.ts'
import { SearchField } from '../ui/SearchField.tsx'
import { instanceStateWords, isInstanceState } from '../words.ts'
import classes from './InstanceFilters.module.css'

type InstanceFiltersProps = { search: InstancesSearch; onChange: (changed: Partial<InstancesSearch>) => void }

const states = [
  { value: '', label: 'Every state' },
  ...instanceStates.map((state) => ({ value: state, label: instanceStateWords[state].label })),
]

export function InstanceFilters({ search, onChange }: InstanceFiltersProps) {
  return (
    <div className={classes.filters} role="search">
      <SearchField
        label="Search by name, id or remark"
        keyword={search.keyword ?? ''}
        onFind={(keyword) => onChange({ keyword })}
        className={classes.keyword}
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
