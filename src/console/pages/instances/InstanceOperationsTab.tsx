import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Operation } from '../../api-types.ts'
import { OperationActions } from '../../components/OperationActions.tsx'
import { OperationStatusBadge } from '../../components/StateBadge.tsx'
import { StepTimeline } from '../../components/StepTimeline.tsx'
import { queries } from '../../queries.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { Elapsed, TimeAgo } from '../../ui/TimeAgo.tsx'
import { stillOpen } from '../../words.ts'
import classes from './InstanceOperationsTab.module.css'

/** All Operations of an Instance, newest first; the newest shows its steps at once. */
export function InstanceOperationsTab({ instanceId }: { instanceId: string }) {
  const operations = useQuery(queries.operations({ instanceId, size: 50 }))
  if (operations.error) return <ErrorNotice error={operations.error} onRetry={() => void operations.refetch()} />
  if (!operations.data) return <p role="status">Reading the Operations…</p>
  if (operations.data.list.length === 0)
    return <EmptyState title="No Operation yet">Whatever is done to this Instance is listed here.</EmptyState>
  return (
    <Sheet>
      {operations.data.list.map((operation, index) => (
        <OperationFold key={operation.operationId} operation={operation} isFirst={index === 0} />
      ))}
    </Sheet>
  )
}

function OperationFold({ operation, isFirst }: { operation: Operation; isFirst: boolean }) {
  const [isOpen, setOpen] = useState(isFirst)
  return (
    <details className={classes.fold} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={classes.summary}>
        <span className={classes.title}>{operation.title}</span>
        <OperationStatusBadge status={operation.status} />
        <Text size="sm" c="dimmed" component="span" className={classes.when!}>
          <TimeAgo at={operation.createdAt} /> by {operation.actor}, took{stillOpen(operation.status) && ' so far'}{' '}
          <Elapsed from={operation.createdAt} to={operation.endedAt} />
        </Text>
      </summary>
      {isOpen && <OperationSteps operationId={operation.operationId} />}
    </details>
  )
}

function OperationSteps({ operationId }: { operationId: string }) {
  const { data: operation } = useQuery(queries.operation(operationId))
  if (!operation) return <p role="status">Reading the steps…</p>
  return (
    <div className={classes.steps}>
      <StepTimeline operation={operation} />
      <OperationActions operation={operation} size="xs" mt="md" />
    </div>
  )
}
