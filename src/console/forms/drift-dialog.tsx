import { Anchor, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { DriftWay } from '../../domain/drift.ts'
import type { DriftItem, Instance } from '../api-types.ts'
import { canSettle, wayWords, whyNotWay } from '../components/drift-words.ts'
import { DriftTable } from '../components/DriftTable.tsx'
import { useWhyNotInstance } from '../may.ts'
import { queries } from '../queries.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { TimeAgo } from '../ui/TimeAgo.tsx'
import { ChangeDialog } from './change-dialog.tsx'
import { DriftWays } from './drift-ways.tsx'

/** What was changed past Millrace: looked at, ticked, and adopted or reverted with the plan first. */
export function DriftDialog({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const closed = useWhyNotInstance(instance)('change')
  const drift = useQuery({ ...queries.drift(instance.instanceId), enabled: !isBusy(instance) })
  const [left, setLeft] = useState<string[]>([])
  const [way, setWay] = useState<DriftWay>()
  const items = drift.data?.list
  const areNone = items?.length === 0
  const isTicked = ({ id }: DriftItem) => !left.includes(id)
  const chosen = items?.filter((item) => canSettle(item) && isTicked(item)) ?? []
  const hint = closed ?? (way ? whyNotWay(way, chosen) : 'Choose whether to adopt or to revert.')
  const request = useRequest(hint === undefined ? way : undefined, chosen)
  const tick = (ticked: DriftItem[], isOn: boolean) => {
    const ids = ticked.map(({ id }) => id)
    setLeft(isOn ? left.filter((id) => !ids.includes(id)) : [...left, ...ids])
  }
  return (
    <ChangeDialog
      instance={instance}
      title={`Drift of ${instance.name}`}
      size="xl"
      verb={areNone ? null : way ? wayWords[way].label : 'Start'}
      request={request}
      hint={hint ?? ''}
      fields={[]}
      onClose={onClose}
    >
      {() => (
        <>
          {drift.error && <ErrorNotice error={drift.error} onRetry={() => void drift.refetch()} />}
          {!items && !drift.error && <Waiting why={isBusy(instance) ? closed : undefined} />}
          {areNone && <EmptyState title="Nothing is left to settle">{allIsWell}</EmptyState>}
          {items && !areNone && (
            <>
              <Text size="sm">Processes or cluster are not what this Instance says. Tick what is to be settled.</Text>
              <DriftTable items={items} isTicked={isTicked} onTick={tick} />
              <Looked at={drift.dataUpdatedAt} isLooking={drift.isFetching} onLook={() => void drift.refetch()} />
              <DriftWays chosen={chosen} closed={closed} value={way} onChange={setWay} />
            </>
          )}
          {drift.data?.unknown && (
            <Text size="sm" c="dimmed">
              {drift.data.unknown}
            </Text>
          )}
        </>
      )}
    </ChangeDialog>
  )
}

const allIsWell = 'Processes and cluster are as this Instance says.'

/** While a change is at work nobody can tell drift from it. */
const isBusy = ({ state }: Instance): boolean => state !== 'Running' && state !== 'Error'

/** The same object for the same choice, however often the list is read again. */
function useRequest(way: DriftWay | undefined, chosen: DriftItem[]) {
  const words = JSON.stringify(chosen.map(({ id }) => id))
  return useMemo(() => (way ? { verb: way, body: { items: JSON.parse(words) as string[] } } : null), [way, words])
}

/** For the first look, or, when there can be none now, for what is in its way. */
function Waiting({ why }: { why: string | undefined }) {
  if (why) return <Text size="sm">{why}</Text>
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" role="status">
        Looking at processes and cluster…
      </Text>
      <Skeleton height={120} radius="md" />
    </Stack>
  )
}

type LookedProps = { at: number; isLooking: boolean; onLook: () => void }

function Looked({ at, isLooking, onLook }: LookedProps) {
  return (
    <Group gap="xs" mt={-6} justify="space-between">
      <Text size="xs" c="dimmed">
        Looked at <TimeAgo at={new Date(at).toISOString()} />
      </Text>
      <Anchor component="button" type="button" size="xs" aria-disabled={isLooking} onClick={onLook}>
        {isLooking ? 'Looking…' : 'Look again'}
      </Anchor>
    </Group>
  )
}
