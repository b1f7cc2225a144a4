import { Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DeliveryState } from '../../domain/metrics-delivery.ts'
import { metricsQueries, type ExporterHealth } from '../api-metrics.ts'
import type { Instance } from '../api-types.ts'
import { MetricsExporterForm } from '../forms/metrics-exporter.tsx'
import { formatCount } from '../format.ts'
import { useWhyNotInstance } from '../may.ts'
import { Badge } from '../ui/Badge.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { Facts, Panel } from '../ui/Panel.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import { TimeAgo } from '../ui/TimeAgo.tsx'
import type { Tone } from '../words.ts'

const stateWords: Record<DeliveryState, { label: string; tone: Tone }> = {
  off: { label: 'Off', tone: 'calm' },
  beginning: { label: 'Beginning', tone: 'busy' },
  delivering: { label: 'Delivering', tone: 'good' },
  waiting: { label: 'Waiting', tone: 'warn' },
  refused: { label: 'Refused', tone: 'bad' },
  unmeasured: { label: 'Nothing measured', tone: 'warn' },
}

/** Where an Instance's metrics go, how that goes, and which nodes tell none. */
export function MetricsExporterPanel({ instance }: { instance: Instance }) {
  const health = useQuery(metricsQueries.exporter(instance.instanceId))
  const [isOpen, setOpen] = useState(false)
  const { data } = health
  return (
    <Panel title="Metrics exporter" aside={data && <StateBadge state={data.state} />}>
      {health.error && !data ? (
        <ErrorNotice error={health.error} onRetry={() => void health.refetch()} />
      ) : data ? (
        <Stack gap="sm">
          <Text size="sm">{data.advice}</Text>
          <Delivery health={data} />
          <SilentNodes nodes={data.nodes} />
          <div>
            <OpenButton instance={instance} isOn={data.prometheus !== null} onClick={() => setOpen(true)} />
          </div>
        </Stack>
      ) : (
        <Skeleton height={90} role="status" aria-label="Reading how metrics are sent…" />
      )}
      {isOpen && data && (
        <MetricsExporterForm instance={instance} before={data.prometheus} onClose={() => setOpen(false)} />
      )}
    </Panel>
  )
}

const StateBadge = ({ state }: { state: DeliveryState }) => (
  <Badge tone={stateWords[state].tone}>{stateWords[state].label}</Badge>
)

type OpenButtonProps = { instance: Instance; isOn: boolean; onClick: () => void }

function OpenButton({ instance, isOn, onClick }: OpenButtonProps) {
  const why = useWhyNotInstance(instance)('rename')
  return (
    <ReasonedButton size="xs" variant="default" allowed={why === undefined} why={why} onClick={onClick}>
      {isOn ? 'Change the exporter' : 'Set up an exporter'}
    </ReasonedButton>
  )
}

function Delivery({ health: { state, prometheus, delivery } }: { health: ExporterHealth }) {
  if (!prometheus || !delivery) return null
  const hasTrouble = state === 'waiting' || state === 'refused'
  return (
    <>
      {hasTrouble && delivery.lastError && (
        <Notice tone={state === 'refused' ? 'bad' : 'warn'}>
          {delivery.lastError}
          {delivery.retryAt && state === 'waiting' ? `. Tried ${delivery.failures} times in a row.` : '.'}
        </Notice>
      )}
      <Facts
        facts={[
          ['Sent to', <span className="mono">{prometheus.endPoint}</span>],
          ['Last taken', delivery.lastSuccessAt ? <TimeAgo at={delivery.lastSuccessAt} /> : 'not yet'],
          state === 'unmeasured' && delivery.measuredAt
            ? ['Measured last', <TimeAgo at={delivery.measuredAt} />]
            : ['Measured', `${formatCount(delivery.samplesPerMinute)} samples a minute`],
          ...(delivery.queuedSamples > 0 && hasTrouble
            ? [['Waiting', `${formatCount(delivery.queuedSamples)} samples`] as [string, string]]
            : []),
          ...(delivery.droppedSamples > 0
            ? [['Dropped', `${formatCount(delivery.droppedSamples)} samples`] as [string, string]]
            : []),
        ]}
      />
    </>
  )
}

/** Of several that say the same, once. */
function SilentNodes({ nodes }: { nodes: ExporterHealth['nodes'] }) {
  if (nodes.length === 0) return null
  const byProblem = Map.groupBy(nodes, ({ problem }) => problem)
  return (
    <Notice tone="warn" title="Some nodes tell no metrics">
      {[...byProblem].map(([problem, silent]) => (
        <Text key={problem} size="sm">
          Node {silent.map(({ kafkaId }) => kafkaId).join(', ')}: {problem}
        </Text>
      ))}
    </Notice>
  )
}
