import { Button, Group, List, NativeSelect, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LossReport, Node } from '../api-types.ts'
import { plural } from '../format.ts'
import { queries } from '../queries.ts'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { Panel } from '../ui/Panel.tsx'

/** What would happen if a node or a zone were lost: by the rule that also decides whether a node may restart. */
export function WhatIf({ instanceId, nodes }: { instanceId: string; nodes: Node[] }) {
  const [what, setWhat] = useState('')
  const [asked, setAsked] = useState<string>()
  const answer = useQuery(queries.whatIf(instanceId, asked))
  const zones = [...new Set(nodes.map(({ zone }) => zone))]
  return (
    <Panel title="What if it is lost?">
      <Stack gap="sm">
        <Group align="end">
          <NativeSelect
            label="A node or a zone"
            data={[
              { value: '', label: 'Choose one' },
              ...nodes.map(({ kafkaId }) => ({ value: `node=${kafkaId}`, label: `Node ${kafkaId}` })),
              ...zones.map((zone) => ({ value: `zone=${zone}`, label: `All of ${zone}` })),
            ]}
            value={what}
            onChange={(event) => {
              setWhat(event.currentTarget.value)
              setAsked(event.currentTarget.value || undefined)
            }}
          />
          {asked && (
            <Button variant="default" loading={answer.isFetching} onClick={() => void answer.refetch()}>
              Ask again
            </Button>
          )}
        </Group>
        {answer.error ? <ErrorNotice error={answer.error} /> : answer.data && <Answer report={answer.data} />}
        {!asked && (
          <Text size="sm" c="dimmed">
            Asked of the cluster as it is at this moment, topic by topic.
          </Text>
        )}
      </Stack>
    </Panel>
  )
}

const tones = { serves: 'busy', 'writes-stop': 'warn', unavailable: 'bad' } as const

function Answer({ report }: { report: LossReport }) {
  const { counts, tightest } = report
  return (
    <Notice tone={tones[report.verdict]}>
      <Text size="sm" fw={600}>
        {report.summary}
      </Text>
      <Text size="sm" mt={4}>
        {plural(counts.partitions, 'partition')} looked at: {counts.withoutLeader} without a leader,{' '}
        {counts.belowMinimum} below their least in-sync replicas. The controller quorum{' '}
        {report.quorumSurvives ? 'goes on' : 'is lost'}.
      </Text>
      <Places title="Without a leader" places={report.partitionsWithoutLeader} count={counts.withoutLeader} />
      <Places
        title="Below their least in-sync replicas"
        places={report.partitionsBelowMinimum}
        count={counts.belowMinimum}
      />
      {tightest && (
        <Text size="sm" mt={4}>
          Tightest of those it carries: <Place {...tightest} />, {marginWords(tightest.spare)}.
        </Text>
      )}
    </Notice>
  )
}

const marginWords = (spare: number): string =>
  spare < 0
    ? `${plural(-spare, 'in-sync replica')} too few`
    : spare === 0
      ? 'with no in-sync replica to spare'
      : `with ${plural(spare, 'in-sync replica')} to spare`

type PlaceProps = { topic: string; partition: number }

const Place = ({ topic, partition }: PlaceProps) => (
  <>
    partition {partition} of <span className="mono">{topic}</span>
  </>
)

const mostShown = 5

function Places({ title, places, count }: { title: string; places: PlaceProps[]; count: number }) {
  if (count === 0) return null
  const shown = places.slice(0, mostShown)
  return (
    <List size="sm" mt={4} aria-label={title}>
      {shown.map((place) => (
        <List.Item key={`${place.partition} ${place.topic}`}>
          {title}: <Place {...place} />
        </List.Item>
      ))}
      {count > shown.length && <List.Item>and {count - shown.length} more</List.Item>}
    </List>
  )
}
