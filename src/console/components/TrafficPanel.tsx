import { SegmentedControl, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import { historyRanges, metricsQueries, type HistoryRange, type StatisticsHistory } from '../api-metrics.ts'
import type { Instance } from '../api-types.ts'
import { formatBytes, formatRate } from '../format.ts'
import { ErrorNotice } from '../ui/Notice.tsx'
import { Panel } from '../ui/Panel.tsx'
import { gridOf, hasTraffic, lineWords, type TrafficField } from './traffic-lines.ts'

/** The drawing of charts is loaded with the first one. */
const TimeChart = lazy(() => import('../ui/TimeChart.tsx').then(({ TimeChart: chart }) => ({ default: chart })))

const rangeWords: Record<HistoryRange, string> = { '1h': 'Last hour', '6h': '6 hours', '24h': '24 hours' }

/** What clients wrote to and read from an Instance over the last hours. */
export function TrafficPanel({ instance }: { instance: Instance }) {
  const [range, setRange] = useState<HistoryRange>('1h')
  const history = useQuery(metricsQueries.history(instance.instanceId, range))
  return (
    <Panel
      title="Traffic"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="How far back"
          value={range}
          onChange={(value) => setRange(value as HistoryRange)}
          data={historyRanges.map((value) => ({ value, label: rangeWords[value] }))}
        />
      }
    >
      {history.error && !history.data ? (
        <ErrorNotice error={history.error} onRetry={() => void history.refetch()} />
      ) : history.data ? (
        <Charts history={history.data} state={instance.state} />
      ) : (
        <Skeleton height={320} role="status" aria-label="Reading the traffic…" />
      )}
    </Panel>
  )
}

const perSecond = (bytes: number) => `${formatBytes(bytes)}/s`
const requests = (count: number) => `${formatRate(count)}/s`

function Charts({ history, state }: { history: StatisticsHistory; state: Instance['state'] }) {
  const charts = useMemo(() => {
    const { times, valuesOf } = gridOf(history)
    const line = (label: string, color: string, field: TrafficField) => ({ label, color, values: valuesOf(field) })
    return {
      times,
      bytes: [line('Written', '--accent', 'bytesInPerSecond'), line('Read', '--warn-dot', 'bytesOutPerSecond')],
      requests: [line('Requests', '--busy-dot', 'requestsInPerSecond')],
    }
  }, [history])
  if (!hasTraffic(history.points)) return <NothingYet state={state} />
  const summaryOf = (lines: typeof charts.bytes, format: (value: number) => string) =>
    lines.map(({ label, values }) => lineWords(label, values, format)).join(' ')
  return (
    <Suspense fallback={<Skeleton height={320} role="status" aria-label="Drawing the traffic…" />}>
      <TimeChart
        title="Records"
        times={charts.times}
        lines={charts.bytes}
        format={perSecond}
        areBytes
        summary={summaryOf(charts.bytes, perSecond)}
      />
      <TimeChart
        title="Requests"
        times={charts.times}
        lines={charts.requests}
        format={requests}
        summary={summaryOf(charts.requests, requests)}
      />
    </Suspense>
  )
}

const NothingYet = ({ state }: { state: Instance['state'] }) => (
  <Text size="sm" c="dimmed">
    {state === 'Running' || state === 'Changing'
      ? 'Nothing was measured yet. The first points come about two minutes after the nodes begin to tell their metrics.'
      : 'Nothing was measured in this time. Traffic is measured while the Instance is running.'}
  </Text>
)
