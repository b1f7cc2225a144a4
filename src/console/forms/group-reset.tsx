import { Button, Group as Row, NativeSelect, NumberInput, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { holdings } from '../api-holdings.ts'
import type { Group, ResetPlan } from '../api-types.ts'
import tables from '../components/HoldingTable.module.css'
import { formatCount, plural } from '../format.ts'
import { holdingQueries } from '../queries-holdings.ts'
import { Amount } from '../ui/Amount.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import parts from '../ui/TableParts.module.css'
import { WideTable } from '../ui/WideTable.tsx'
import { emptyReset, resetBodyOf, resetHint, type ResetDraft, type ResetTo } from './group-reset-draft.ts'
import classes from './holding-dialog.module.css'

type GroupResetProps = { instanceId: string; group: Group; onClose: () => void }

/** Moves a group: the dry run is shown as it is chosen, and only then the button. */
export function GroupReset({ instanceId, group, onClose }: GroupResetProps) {
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(emptyReset)
  const body = useMemo(() => resetBodyOf(draft), [draft])
  const [settled] = useDebouncedValue(body, 250)
  const plan = useQuery(holdingQueries.planReset(instanceId, group.groupId, settled))
  const reset = useMutation({
    mutationFn: (wish: NonNullable<typeof body>) => holdings.resetGroup(instanceId, group.groupId, wish),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['instance', instanceId, 'group'] })
      onClose()
    },
  })
  const isOld = settled !== body || plan.isFetching
  const why = whyNot({ isAsked: body !== null, draft, plan: plan.data, error: plan.error, isOld })
  return (
    <Dialog onClose={onClose} title={`Reset ${group.groupId}`} size="lg">
      <Stack>
        <ResetFields
          draft={draft}
          topics={[...new Set(group.offsets.map(({ topic }) => topic))]}
          onChange={(changed) => setDraft({ ...draft, ...changed })}
        />
        {plan.error && body && <ErrorNotice error={plan.error} title="It cannot be done like this" />}
        {plan.data?.why && <Notice tone="warn">{plan.data.why}</Notice>}
        {plan.data && body && !plan.error && <Moves moves={plan.data.moves} isOld={isOld} />}
        {reset.error && <ErrorNotice error={reset.error} title="Nothing was moved" />}
        <Row justify="flex-end" className={classes.foot!}>
          <Button variant="default" onClick={onClose}>
            Keep as it is
          </Button>
          <ReasonedButton
            loading={reset.isPending}
            allowed={why === undefined}
            why={why}
            onClick={() => body && reset.mutate(body)}
          >
            Reset offsets
          </ReasonedButton>
        </Row>
      </Stack>
    </Dialog>
  )
}

type Question = {
  isAsked: boolean
  draft: ResetDraft
  plan: ResetPlan | null | undefined
  error: unknown
  isOld: boolean
}

function whyNot({ isAsked, draft, plan, error, isOld }: Question): string | undefined {
  if (!isAsked) return resetHint(draft)
  if (error) return 'It cannot be done like this: see above.'
  if (isOld || !plan) return 'Where it would go is being worked out.'
  if (plan.why) return plan.why
  return plan.moves.every(({ from, to }) => from === to) ? 'It stands there already.' : undefined
}

const targets: { value: ResetTo; label: string }[] = [
  { value: 'earliest', label: 'The first record that is there' },
  { value: 'latest', label: 'After the last record' },
  { value: 'time', label: 'A moment' },
  { value: 'offset', label: 'An offset' },
  { value: 'shift', label: 'So many records on, or back' },
]

type ResetFieldsProps = { draft: ResetDraft; topics: string[]; onChange: (changed: Partial<ResetDraft>) => void }

function ResetFields({ draft, topics, onChange }: ResetFieldsProps) {
  const { topic, partitions } = draft
  return (
    <>
      <div className={classes.pair}>
        <NativeSelect
          label="Go to"
          data={targets}
          value={draft.to}
          onChange={(event) => onChange({ to: event.currentTarget.value as ResetTo })}
          data-autofocus
        />
        <TargetField draft={draft} onChange={onChange} />
      </div>
      <div className={classes.pair}>
        <NativeSelect
          label="In"
          data={[{ value: '', label: 'All its topics' }, ...topics.map((value) => ({ value, label: value }))]}
          value={topic}
          onChange={(event) => onChange({ topic: event.currentTarget.value })}
        />
        {topic !== '' && (
          <TextInput
            label="Partitions"
            placeholder="All; or some, such as 0-3, 7"
            value={partitions}
            onChange={(event) => onChange({ partitions: event.currentTarget.value })}
            autoComplete="off"
          />
        )}
      </div>
    </>
  )
}

function TargetField({ draft, onChange }: Omit<ResetFieldsProps, 'topics'>) {
  const numberOf = (value: number | string) => (typeof value === 'number' ? value : '')
  switch (draft.to) {
    case 'earliest':
    case 'latest':
      return null
    case 'offset':
      return (
        <NumberInput
          label="Offset"
          min={0}
          allowDecimal={false}
          thousandSeparator
          value={draft.offset}
          onChange={(value) => onChange({ offset: numberOf(value) })}
        />
      )
    case 'shift':
      return (
        <NumberInput
          label="Records; back with a minus"
          allowDecimal={false}
          thousandSeparator
          value={draft.by}
          onChange={(value) => onChange({ by: numberOf(value) })}
        />
      )
    case 'time':
      return (
        <TextInput
          type="datetime-local"
          label="Moment, in your own time"
          value={draft.at}
          onChange={(event) => onChange({ at: event.currentTarget.value })}
        />
      )
  }
}

const mostShown = 200

/** Where each partition would go. */
function Moves({ moves, isOld }: { moves: ResetPlan['moves']; isOld: boolean }) {
  const before = moves.reduce((sum, { lagBefore }) => sum + (lagBefore ?? 0), 0)
  const after = moves.reduce((sum, { lagAfter }) => sum + lagAfter, 0)
  return (
    <section aria-label="Dry run" aria-busy={isOld}>
      <Text size="sm" mb="xs">
        <b>Dry run:</b> {plural(moves.length, 'partition')}, lag {formatCount(before)} → {formatCount(after)}.
      </Text>
      <WideTable label="Where each partition would go" minWidth={420} className={classes.frame}>
        <Table className={parts.table!} verticalSpacing={6} aria-label="Dry run">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Topic</Table.Th>
              <Table.Th ta="right">Partition</Table.Th>
              <Table.Th ta="right">From</Table.Th>
              <Table.Th ta="right">To</Table.Th>
              <Table.Th ta="right">Lag after</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {moves.slice(0, mostShown).map(({ topic, partition, from, to, lagAfter }) => (
              <Table.Tr key={`${topic} ${partition}`}>
                <Table.Td className={tables.wrap!}>{topic}</Table.Td>
                <Table.Td ta="right" className="num">
                  {partition}
                </Table.Td>
                <Table.Td ta="right">
                  <Amount of={from} as={formatCount} />
                </Table.Td>
                <Table.Td ta="right" fw={from === to ? 400 : 600} className="num">
                  {formatCount(to)}
                </Table.Td>
                <Table.Td ta="right" className="num">
                  {formatCount(lagAfter)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {moves.length > mostShown && (
        <Text size="xs" c="dimmed" mt={6}>
          The first {mostShown} are shown; the others go likewise.
        </Text>
      )}
    </section>
  )
}
