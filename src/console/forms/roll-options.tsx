import { Checkbox, NativeSelect, SimpleGrid, Stack } from '@mantine/core'
import type { RollOptions } from './roll-choice.ts'

type RollOptionsFieldsProps = {
  value: RollOptions
  onChange: (value: RollOptions) => void
  nodes: number[]
  canRollBack?: boolean
}

const pauses = [
  { value: '', label: 'Do not pause' },
  { value: 'first', label: 'Pause after the first node' },
  { value: 'each', label: 'Pause after each node' },
]

/** How a person wants to go along with the restart of `nodes`. */
export function RollOptionsFields({ value, onChange, nodes, canRollBack }: RollOptionsFieldsProps) {
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NativeSelect
          label="Pauses"
          description="It then stands still, healthy."
          data={pauses}
          value={value.pauseAfter ?? ''}
          onChange={(event) => onChange({ ...value, pauseAfter: pauseIn(event.currentTarget.value) })}
        />
        <NativeSelect
          label="Hold one node back"
          description="It comes last, and not before you say so."
          data={[{ value: '', label: 'None' }, ...nodes.map((id) => ({ value: String(id), label: `Node ${id}` }))]}
          value={value.holdNode === undefined ? '' : String(value.holdNode)}
          onChange={(event) => onChange({ ...value, holdNode: numberIn(event.currentTarget.value) })}
        />
      </SimpleGrid>
      {canRollBack && (
        <Checkbox
          label="Roll back by itself when a node does not come back well within 5 minutes"
          checked={value.rollBackOnFailure ?? false}
          onChange={(event) => onChange({ ...value, rollBackOnFailure: event.currentTarget.checked })}
        />
      )}
    </Stack>
  )
}

const pauseIn = (text: string) => (text === 'first' || text === 'each' ? text : undefined)
const numberIn = (text: string) => (text === '' ? undefined : Number(text))
