import { Anchor, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { Operation } from '../../api-types.ts'
import { ChangeProgress } from '../../components/ChangeProgress.tsx'
import { OperationActions } from '../../components/OperationActions.tsx'
import { OperationStatusBadge } from '../../components/StateBadge.tsx'
import { StepTimeline } from '../../components/StepTimeline.tsx'
import { paths } from '../../paths.ts'
import { isNotFound } from '../../problem.ts'
import { queries } from '../../queries.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { Heading, PageHead } from '../../ui/PageHead.tsx'
import { Facts, Panel } from '../../ui/Panel.tsx'
import { Elapsed, TimeAgo } from '../../ui/TimeAgo.tsx'
import { operationStatusWords, stillOpen } from '../../words.ts'
import { Missing } from '../NotFoundPage.tsx'
import classes from '../instances/InstancePage.module.css'

export function OperationPage() {
  const { operationId } = useParams({ from: '/shell/operations/$operationId' })
  const { data: operation, error, refetch } = useQuery(queries.operation(operationId))
  if (isNotFound(error))
    return <Missing title="There is no such Operation">{`Nothing is known of ${operationId}.`}</Missing>
  if (error && !operation) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (!operation) return <Reading />
  return <OperationStory operation={operation} />
}

function Reading() {
  return (
    <Stack>
      <Text c="dimmed" role="status">
        Reading the Operation…
      </Text>
      <Skeleton height={36} width={320} />
      <Skeleton height={360} radius="lg" />
    </Stack>
  )
}

function OperationStory({ operation }: { operation: Operation }) {
  return (
    <>
      <PageHead
        title={`${operation.title}: ${operation.instanceName}`}
        heading={
          <Heading title={operation.title}>
            <OperationStatusBadge status={operation.status} />
          </Heading>
        }
        sub={operation.waitingReason ?? operationStatusWords[operation.status].meaning}
        actions={<OperationActions operation={operation} />}
      />
      <div className={classes.grid}>
        <div className={classes.column}>
          <ChangeProgress operation={operation} />
          <Panel title="Steps">
            <StepTimeline operation={operation} />
          </Panel>
        </div>
        <Panel title="About">
          <Facts
            facts={[
              ['Instance', <InstanceLink operation={operation} />],
              ['Begun by', operation.actor],
              ['Begun', <TimeAgo at={operation.createdAt} />],
              [
                stillOpen(operation.status) ? 'So far' : 'Took',
                <Elapsed from={operation.createdAt} to={operation.endedAt} />,
              ],
              ['Id', <OperationId id={operation.operationId} />],
            ]}
          />
        </Panel>
      </div>
    </>
  )
}

function InstanceLink({ operation: { instanceId, instanceName } }: { operation: Operation }) {
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to={paths.instance} params={{ instanceId }} {...props} />}>
      {instanceName}
    </Anchor>
  )
}

function OperationId({ id }: { id: string }) {
  return (
    <>
      <span className="mono">{id}</span> <CopyButton text={id} label="Copy the id" />
    </>
  )
}
