import { Button, Group as Row, Skeleton, Stack, Text } from '@mantine/core'
import { IconRewindBackward10, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { whyInUse, whyNeverReset } from '../../../domain/consumer-group.ts'
import { instanceCan } from '../../../domain/instance.ts'
import type { Group } from '../../api-types.ts'
import { GroupMembers } from '../../components/GroupMembers.tsx'
import { GroupOffsets } from '../../components/GroupOffsets.tsx'
import { groupStateWords, groupTypeWords } from '../../components/group-words.ts'
import { InUse } from '../../components/InUse.tsx'
import { GroupDelete } from '../../forms/group-delete.tsx'
import { GroupReset } from '../../forms/group-reset.tsx'
import { formatCount, plural } from '../../format.ts'
import { useWhyNot } from '../../may.ts'
import { paths } from '../../paths.ts'
import { isNotFound } from '../../problem.ts'
import { holdingQueries } from '../../queries-holdings.ts'
import { queries } from '../../queries.ts'
import { Amount } from '../../ui/Amount.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice, Notice } from '../../ui/Notice.tsx'
import { Heading, PageHead } from '../../ui/PageHead.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { ReasonedButton } from '../../ui/ReasonedButton.tsx'
import { Tiles } from '../../ui/Tiles.tsx'
import classes from './HoldingTab.module.css'

/** One consumer group: who reads in it, how far behind it is, and moving it. */
export function GroupPage() {
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId/group' })
  const { groupId } = useSearch({ from: '/shell/instances/$instanceId/group' })
  const instance = useQuery(queries.instance(instanceId))
  const isThere = instance.data && instanceCan('use', instance.data.state).allowed
  const group = useQuery({ ...holdingQueries.group(instanceId, groupId), enabled: isThere === true && groupId !== '' })
  if (isNotFound(instance.error) || isNotFound(group.error) || groupId === '') return <Gone instanceId={instanceId} />
  if (instance.data && !isThere) {
    return (
      <>
        <PageHead title={groupId} />
        <InUse instance={instance.data} what="Consumer groups">
          {null}
        </InUse>
      </>
    )
  }
  const error = instance.error ?? group.error
  if (error && !group.data) {
    return <ErrorNotice error={error} onRetry={() => void (instance.error ? instance : group).refetch()} />
  }
  if (!group.data) return <Reading />
  return <LivingGroup instanceId={instanceId} group={group.data} error={group.error} />
}

function Reading() {
  return (
    <Stack>
      <Text c="dimmed" role="status">
        Asking Kafka for the group…
      </Text>
      <Skeleton height={36} width={320} />
      <Skeleton height={420} radius="lg" />
    </Stack>
  )
}

function Gone({ instanceId }: { instanceId: string }) {
  return (
    <>
      <PageHead title="No such consumer group" />
      <Sheet>
        <EmptyState
          title="This group is gone"
          action={
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link to={paths.instance} params={{ instanceId }} search={{ tab: 'groups' }} {...props} />
              )}
            >
              To the consumer groups
            </Button>
          }
        >
          It was deleted, or nobody read in it for so long that Kafka forgot where it stood.
        </EmptyState>
      </Sheet>
    </>
  )
}

type LivingGroupProps = { instanceId: string; group: Group; error: unknown }

function LivingGroup({ instanceId, group, error }: LivingGroupProps) {
  const [dialog, setDialog] = useState<'reset' | 'delete'>()
  const close = () => setDialog(undefined)
  const { label, tone, meaning, isMoving } = groupStateWords(group.state)
  const topics = new Set(group.offsets.map(({ topic }) => topic)).size
  const untold = group.offsets.filter(({ endOffset }) => endOffset === null).length
  return (
    <>
      <PageHead
        title={group.groupId}
        heading={
          <Heading title={group.groupId}>
            <Badge tone={tone} isMoving={isMoving} title={meaning}>
              {label}
            </Badge>
          </Heading>
        }
        sub={`${groupTypeWords(group.type)} group, looked after by node ${group.coordinator}`}
        actions={<GroupActions group={group} onReset={() => setDialog('reset')} onDelete={() => setDialog('delete')} />}
      />
      {error ? <ErrorNotice error={error} title="Kafka does not tell anew" /> : null}
      {untold > 0 && <Untold partitions={untold} />}
      <Stack gap="lg">
        <Tiles
          label="The group in numbers"
          tiles={[
            ['Lag', <Amount key="lag" of={group.lag} as={formatCount} />],
            ['Members', <Amount key="members" of={group.members?.length} as={formatCount} />],
            ['Reads', plural(topics, 'topic')],
            ['Partitions', formatCount(group.offsets.length)],
          ]}
        />
        <GroupOffsets group={group} />
        <GroupMembers members={group.members} />
      </Stack>
      {dialog === 'reset' && <GroupReset instanceId={instanceId} group={group} onClose={close} />}
      {dialog === 'delete' && <GroupDelete instanceId={instanceId} group={group} onClose={close} />}
    </>
  )
}

function Untold({ partitions }: { partitions: number }) {
  return (
    <div className={classes.notice}>
      <Notice tone="warn" title="The lag is not known in full">
        <Text size="sm">
          {partitions === 1
            ? 'The leader of 1 partition does'
            : `The leaders of ${formatCount(partitions)} partitions do`}{' '}
          not tell where records end. The lag is added up, and a reset may include all of it, once every leader tells.
        </Text>
      </Notice>
    </div>
  )
}

type GroupActionsProps = { group: Group; onReset: () => void; onDelete: () => void }

/** Reset stays open while members read: its dry run can be looked at, and says why it cannot be done. */
function GroupActions({ group, onReset, onDelete }: GroupActionsProps) {
  const mayNot = useWhyNot('group:manage')
  const nothing = group.offsets.length === 0 ? 'It has no offsets yet.' : undefined
  const inUse = whyInUse(group)
  const button = { size: 'sm', variant: 'default' } as const
  const reset = mayNot ?? whyNeverReset(group) ?? nothing
  const remove = mayNot ?? inUse
  return (
    <Row gap="xs">
      <ReasonedButton
        {...button}
        leftSection={<IconRewindBackward10 size={15} aria-hidden />}
        allowed={!reset}
        why={reset}
        onClick={onReset}
      >
        Reset offsets
      </ReasonedButton>
      <ReasonedButton
        {...button}
        leftSection={<IconTrash size={15} aria-hidden />}
        allowed={!remove}
        why={remove}
        onClick={onDelete}
      >
        Delete
      </ReasonedButton>
    </Row>
  )
}
