import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Operation } from '../api-types.ts'
import { paths } from '../paths.ts'
import { queries } from '../queries.ts'
import { TimeAgo } from '../ui/TimeAgo.tsx'
import { ChangeProgress } from './ChangeProgress.tsx'
import { OperationActions } from './OperationActions.tsx'
import classes from './OpenOperationPanel.module.css'
import { stepRows } from './step-rows.ts'
import { OperationStatusBadge } from './StateBadge.tsx'
import { StepTimeline } from './StepTimeline.tsx'

/** What is under way, step by step, above everything else on the Instance's page. */
export function OpenOperationPanel({ operationId }: { operationId: string }) {
  const { data: operation } = useQuery(queries.operation(operationId))
  if (!operation)
    return <Skeleton height={220} radius="lg" mb="lg" role="status" aria-label="Reading what is under way…" />
  const rows = stepRows(operation)
  const done = rows.filter(({ look }) => look === 'done').length
  return (
    <section className={classes.panel} aria-label="Under way" data-failed={operation.status === 'Failed' || undefined}>
      <div className={classes.bar} style={{ '--done': `${(done / Math.max(1, rows.length)) * 100}%` } as never} />
      <div className={classes.columns}>
        <Story operation={operation} done={done} of={rows.length} />
        <StepTimeline operation={operation} />
      </div>
    </section>
  )
}

function Story({ operation, done, of }: { operation: Operation; done: number; of: number }) {
  return (
    <div className={classes.story}>
      <h2 className={classes.title}>
        <Link to={paths.operation} params={{ operationId: operation.operationId }}>
          {operation.title}
        </Link>
        <OperationStatusBadge status={operation.status} />
      </h2>
      <Text size="sm" c="dimmed" role="status">
        {done} of {of} steps done
      </Text>
      <Text size="sm" c="dimmed" mb="md">
        Begun by {operation.actor} <TimeAgo at={operation.createdAt} />
      </Text>
      <OperationActions operation={operation} size="xs" mb="md" />
      <ChangeProgress operation={operation} />
    </div>
  )
}
