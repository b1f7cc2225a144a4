import { Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { Instance } from '../../api-types.ts'
import { DriftNotice } from '../../components/DriftNotice.tsx'
import { InstanceActions, InstanceDialogs, type InstanceDialog } from '../../components/InstanceActions.tsx'
import { InstanceStatePopover } from '../../components/InstanceStatePopover.tsx'
import { OpenOperationPanel } from '../../components/OpenOperationPanel.tsx'
import { DriftDialog } from '../../forms/drift-dialog.tsx'
import { instanceTabs, paths, type InstanceTab } from '../../paths.ts'
import { isNotFound } from '../../problem.ts'
import { queries } from '../../queries.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { Heading, PageHead } from '../../ui/PageHead.tsx'
import { AclsTab } from './AclsTab.tsx'
import { ActivityTab } from './ActivityTab.tsx'
import { GroupsTab } from './GroupsTab.tsx'
import classes from './InstancePage.module.css'
import { InstanceOperationsTab } from './InstanceOperationsTab.tsx'
import { NodesTab } from './NodesTab.tsx'
import { OverviewTab } from './OverviewTab.tsx'
import { SettingsTab } from './SettingsTab.tsx'
import { TombstonePage } from './TombstonePage.tsx'
import { TopicsTab } from './TopicsTab.tsx'
import { UsersTab } from './UsersTab.tsx'

export function InstancePage() {
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId' })
  const instance = useQuery(queries.instance(instanceId))
  if (isNotFound(instance.error)) return <TombstonePage instanceId={instanceId} />
  if (instance.error && !instance.data)
    return <ErrorNotice error={instance.error} onRetry={() => void instance.refetch()} />
  if (!instance.data) return <Reading />
  return <LivingInstance instance={instance.data} />
}

function Reading() {
  return (
    <Stack>
      <Text c="dimmed" role="status">
        Reading the Instance…
      </Text>
      <Skeleton height={36} width={320} />
      <Skeleton height={420} radius="lg" />
    </Stack>
  )
}

function LivingInstance({ instance }: { instance: Instance }) {
  const { tab } = useSearch({ from: '/shell/instances/$instanceId' })
  const [dialog, setDialog] = useState<InstanceDialog>()
  const [isReviewing, setReviewing] = useState(false)
  const review = () => setReviewing(true)
  return (
    <>
      <PageHead
        title={instance.name}
        heading={
          <Heading title={instance.name}>
            <InstanceStatePopover instance={instance} />
          </Heading>
        }
        sub={
          <>
            <span className={classes.id}>
              <span className="mono">{instance.instanceId}</span>
              <CopyButton text={instance.instanceId} label="Copy the id" />
            </span>
            {instance.description && <span className={classes.remark}>{instance.description}</span>}
          </>
        }
        actions={<InstanceActions instance={instance} onChoose={setDialog} />}
      />
      <InstanceDialogs instance={instance} open={dialog} onClose={() => setDialog(undefined)} />
      {isReviewing && <DriftDialog instance={instance} onClose={() => setReviewing(false)} />}
      <DriftNotice instance={instance} onReview={review} />
      {instance.currentOperation && tab !== 'operations' && (
        <OpenOperationPanel operationId={instance.currentOperation.operationId} />
      )}
      <InstanceTabs instance={instance} onReview={review} />
    </>
  )
}

const tabLabels: Record<InstanceTab, string> = {
  overview: 'Overview',
  nodes: 'Nodes',
  topics: 'Topics',
  groups: 'Consumer groups',
  users: 'Users',
  acls: 'Access rules',
  settings: 'Settings',
  operations: 'Operations',
  activity: 'Activity',
}

function InstanceTabs({ instance, onReview }: { instance: Instance; onReview: () => void }) {
  const { tab = 'overview' } = useSearch({ from: '/shell/instances/$instanceId' })
  const navigate = useNavigate({ from: paths.instance })
  const show = (next: string | null) => void navigate({ search: { tab: next as InstanceTab }, replace: true })
  // On a narrow screen not all of them are in sight.
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const own = list.current?.children[instanceTabs.indexOf(tab)]
    own?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [tab])
  return (
    <Tabs value={tab} onChange={show} keepMounted={false}>
      <Tabs.List ref={list} className={classes.tabs!}>
        {instanceTabs.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {tabLabels[name]}
            {name === 'nodes' && <span className={classes.count}>{instance.nodeCount}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="overview">
        <OverviewTab instance={instance} />
      </Tabs.Panel>
      <Tabs.Panel value="nodes">
        <NodesTab instanceId={instance.instanceId} onReview={onReview} />
      </Tabs.Panel>
      <Tabs.Panel value="topics">
        <TopicsTab instance={instance} />
      </Tabs.Panel>
      <Tabs.Panel value="groups">
        <GroupsTab instance={instance} />
      </Tabs.Panel>
      <Tabs.Panel value="users">
        <UsersTab instance={instance} />
      </Tabs.Panel>
      <Tabs.Panel value="acls">
        <AclsTab instance={instance} />
      </Tabs.Panel>
      <Tabs.Panel value="settings">
        <SettingsTab instance={instance} />
      </Tabs.Panel>
      <Tabs.Panel value="operations">
        <InstanceOperationsTab instanceId={instance.instanceId} />
      </Tabs.Panel>
      <Tabs.Panel value="activity">
        <ActivityTab instanceId={instance.instanceId} />
      </Tabs.Panel>
    </Tabs>
  )
}
