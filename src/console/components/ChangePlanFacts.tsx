import { List, Skeleton, Stack, Text } from '@mantine/core'
import type { ChangePlan } from '../api-types.ts'
import { formatBytes, formatDuration, plural } from '../format.ts'
import { toProblem } from '../problem.ts'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import classes from './ChangePlanFacts.module.css'

type ChangePlanFactsProps = { plan: ChangePlan | undefined; error: unknown; isOld: boolean; fields: readonly string[] }

/** What the change would do, asked of the server for the form as it stands. Refusals of the form's own fields stand there. */
export function ChangePlanFacts({ plan, error, isOld, fields }: ChangePlanFactsProps) {
  if (error) {
    const isAtField = toProblem(error).fields.some(({ path }) => fields.includes(path))
    return isAtField ? (
      <Text size="sm">The plan appears when the fields above are right.</Text>
    ) : (
      <ErrorNotice error={error} />
    )
  }
  if (!plan) return <Skeleton height={96} radius="md" role="status" aria-label="Working out the plan…" />
  return (
    <section className={classes.plan} aria-label="Plan" data-old={isOld || undefined} aria-busy={isOld}>
      {plan.kind === null ? (
        <Text size="sm">Nothing would change: everything is like this already.</Text>
      ) : (
        <Parts plan={plan} />
      )}
    </section>
  )
}

function Parts({ plan }: { plan: ChangePlan }) {
  return (
    <Stack gap="sm">
      <List size="sm" spacing={4} aria-label="What will be done">
        {linesOf(plan).map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
      <Text size="sm" c="dimmed">
        Takes about {formatDuration(plan.expectedSeconds * 1000)}
        {plan.expectedFrom === 'history' ? ', as long as its parts took here lately' : ', by rule of thumb'}. Clients go
        on meanwhile.
      </Text>
      {plan.warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          <Text size="sm">{warning}</Text>
        </Notice>
      ))}
      {plan.topicsAtRisk.length > 0 && <TopicsAtRisk topics={plan.topicsAtRisk} />}
    </Stack>
  )
}

function linesOf(plan: ChangePlan): string[] {
  const { restarts, adds, removes, moves, dynamicSettings } = plan
  return [
    ...plan.changes.map(({ what, from, to }) => `${what}: ${from} → ${to}`),
    ...(adds.length > 0
      ? [`${plural(adds.length, 'node')} added: ${adds.map(({ zone, address }) => `${address} in ${zone}`).join(', ')}`]
      : []),
    ...(removes.length > 0 ? [`${plural(removes.length, 'node')} emptied and removed: node ${idsOf(removes)}`] : []),
    ...(moves && moves.partitions > 0
      ? [`${plural(moves.partitions, 'partition')} moved, ${formatBytes(moves.bytes)} over the network`]
      : []),
    ...(dynamicSettings.length > 0 ? [`${dynamicSettings.join(', ')}: at once, without a restart`] : []),
    ...restartLines(restarts),
  ]
}

const idsOf = (nodes: { kafkaId: number }[]): string =>
  nodes
    .map(({ kafkaId }) => kafkaId)
    .toSorted((a, b) => a - b)
    .join(', ')

/** Nodes that restart for the same reasons stand in one line. */
function restartLines(restarts: ChangePlan['restarts']): string[] {
  if (restarts.length === 0) return ['No node is restarted']
  const alike = Map.groupBy(restarts, ({ reasons }) => reasons.join('; '))
  return [...alike].map(([why, nodes]) => {
    const order = nodes.length > 1 ? ' one after the other' : ''
    return `${plural(nodes.length, 'node')} restarted${order}, node ${idsOf(nodes)}${why && `: ${why}`}`
  })
}

const mostShown = 5

function TopicsAtRisk({ topics }: { topics: ChangePlan['topicsAtRisk'] }) {
  const more = topics.length - mostShown
  return (
    <div>
      <Text size="sm" fw={600}>
        Topics that cannot live through a restart without a pause
      </Text>
      <List size="sm" spacing={2}>
        {topics.slice(0, mostShown).map(({ topic, why }) => (
          <List.Item key={topic}>
            <span className="mono">{topic}</span>: {why}
          </List.Item>
        ))}
        {more > 0 && <List.Item>and {plural(more, 'more', 'more')}</List.Item>}
      </List>
    </div>
  )
}
