import { Button, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { IconAdjustments, IconColumnInsertRight, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { instanceCan } from '../../../domain/instance.ts'
import type { Instance, Topic } from '../../api-types.ts'
import { InUse } from '../../components/InUse.tsx'
import { replicaWords } from '../../components/topic-words.ts'
import { TopicTiles } from '../../components/TopicTiles.tsx'
import { TopicDelete } from '../../forms/topic-delete.tsx'
import { TopicGrow } from '../../forms/topic-grow.tsx'
import { useWhyNotTopic } from '../../may.ts'
import { paths } from '../../paths.ts'
import { isNotFound } from '../../problem.ts'
import { holdingQueries } from '../../queries-holdings.ts'
import { queries } from '../../queries.ts'
import { Badge } from '../../ui/Badge.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { Heading, PageHead } from '../../ui/PageHead.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { ReasonedButton } from '../../ui/ReasonedButton.tsx'
import classes from './InstancePage.module.css'
import { PartitionsTab } from './TopicPartitionsTab.tsx'
import { TopicSettingsTab, useTopicSettingsDialog } from './TopicSettingsTab.tsx'

/** One topic: its partitions and its settings. */
export function TopicPage() {
  const { instanceId, topicId } = useParams({ from: '/shell/instances/$instanceId/topics/$topicId' })
  const instance = useQuery(queries.instance(instanceId))
  const isThere = instance.data && instanceCan('use', instance.data.state).allowed
  const topic = useQuery({ ...holdingQueries.topic(instanceId, topicId), enabled: isThere === true })
  if (isNotFound(instance.error) || isNotFound(topic.error)) return <Gone instanceId={instanceId} />
  if (instance.data && !isThere) return <NotInUse instance={instance.data} />
  const error = instance.error ?? topic.error
  if (error && !topic.data) {
    return <ErrorNotice error={error} onRetry={() => void (instance.error ? instance : topic).refetch()} />
  }
  if (!topic.data) return <Reading />
  return <LivingTopic instanceId={instanceId} topic={topic.data} error={topic.error} />
}

function Reading() {
  return (
    <Stack>
      <Text c="dimmed" role="status">
        Asking Kafka for the topic…
      </Text>
      <Skeleton height={36} width={320} />
      <Skeleton height={420} radius="lg" />
    </Stack>
  )
}

function NotInUse({ instance }: { instance: Instance }) {
  return (
    <>
      <PageHead title="Topic" />
      <InUse instance={instance} what="Topics">
        {null}
      </InUse>
    </>
  )
}

function Gone({ instanceId }: { instanceId: string }) {
  return (
    <>
      <PageHead title="No such topic" />
      <Sheet>
        <EmptyState
          title="This topic is gone"
          action={
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link to={paths.instance} params={{ instanceId }} search={{ tab: 'topics' }} {...props} />
              )}
            >
              To the topics
            </Button>
          }
        >
          It was deleted. A topic of the same name that was made since has an address of its own.
        </EmptyState>
      </Sheet>
    </>
  )
}

type LivingTopicProps = { instanceId: string; topic: Topic; error: unknown }

function LivingTopic({ instanceId, topic, error }: LivingTopicProps) {
  const [dialog, setDialog] = useState<'grow' | 'delete'>()
  const close = () => setDialog(undefined)
  const settings = useTopicSettingsDialog(instanceId, topic)
  const { label, tone, meaning } = replicaWords(topic)
  return (
    <>
      <PageHead
        title={topic.name}
        heading={
          <Heading title={topic.name}>
            <Badge tone={tone} title={meaning}>
              {label}
            </Badge>
          </Heading>
        }
        sub={
          <span className={classes.id}>
            <span className="mono">{topic.topicId}</span>
            <CopyButton text={topic.topicId} label="Copy the id" />
          </span>
        }
        actions={
          <TopicActions
            why={useWhyNotTopic(topic.name)}
            onGrow={() => setDialog('grow')}
            onConfigure={() => settings.open()}
            onDelete={() => setDialog('delete')}
          />
        }
      />
      {error ? <ErrorNotice error={error} title="Kafka does not tell anew" /> : null}
      <Stack gap="lg">
        <TopicTiles instanceId={instanceId} topic={topic} />
        <TopicTabs instanceId={instanceId} topic={topic} onSetting={settings.open} />
      </Stack>
      {dialog === 'grow' && <TopicGrow instanceId={instanceId} topic={topic} onClose={close} />}
      {dialog === 'delete' && <TopicDelete instanceId={instanceId} topic={topic} onClose={close} />}
      {settings.dialog}
    </>
  )
}

type TopicActionsProps = {
  why: string | undefined
  onGrow: () => void
  onConfigure: () => void
  onDelete: () => void
}

function TopicActions({ why, onGrow, onConfigure, onDelete }: TopicActionsProps) {
  const button = { size: 'sm', variant: 'default', allowed: !why, why } as const
  return (
    <Group gap="xs">
      <ReasonedButton {...button} leftSection={<IconColumnInsertRight size={15} aria-hidden />} onClick={onGrow}>
        Add partitions
      </ReasonedButton>
      <ReasonedButton {...button} leftSection={<IconAdjustments size={15} aria-hidden />} onClick={onConfigure}>
        Change settings
      </ReasonedButton>
      <ReasonedButton {...button} leftSection={<IconTrash size={15} aria-hidden />} onClick={onDelete}>
        Delete
      </ReasonedButton>
    </Group>
  )
}

type TopicTabsProps = {
  instanceId: string
  topic: Topic
  onSetting: (startWith: { key: string; isRemoved?: boolean }) => void
}

function TopicTabs({ instanceId, topic, onSetting }: TopicTabsProps) {
  const { tab = 'partitions' } = useSearch({ from: '/shell/instances/$instanceId/topics/$topicId' })
  const navigate = useNavigate({ from: paths.topic })
  const show = (next: string | null) =>
    void navigate({ search: next === 'settings' ? { tab: 'settings' } : {}, replace: true })
  return (
    <Tabs value={tab} onChange={show} keepMounted={false}>
      <Tabs.List className={classes.tabs!}>
        <Tabs.Tab value="partitions">
          Partitions<span className={classes.count}>{topic.partition}</span>
        </Tabs.Tab>
        <Tabs.Tab value="settings">Settings</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="partitions">
        <PartitionsTab instanceId={instanceId} topicId={topic.topicId} />
      </Tabs.Panel>
      <Tabs.Panel value="settings">
        <TopicSettingsTab instanceId={instanceId} topic={topic} onSetting={onSetting} />
      </Tabs.Panel>
    </Tabs>
  )
}
