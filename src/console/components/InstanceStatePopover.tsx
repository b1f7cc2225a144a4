import { Anchor, Popover, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Instance, Operation } from '../api-types.ts'
import { OperationFinalize } from '../forms/operation-finalize.tsx'
import { paths } from '../paths.ts'
import { queries } from '../queries.ts'
import { Elapsed } from '../ui/TimeAgo.tsx'
import { instanceStateWords } from '../words.ts'
import { InstanceActions, InstanceDialogs, type InstanceDialog } from './InstanceActions.tsx'
import classes from './InstanceStatePopover.module.css'
import { OperationActions } from './OperationActions.tsx'
import { StateBadge } from './StateBadge.tsx'

/** The state badge as a button: it opens the reason, the age, what is under way and what can be done next. */
export function InstanceStatePopover({ instance }: { instance: Instance }) {
  const [isOpen, setOpen] = useState(false)
  const [dialog, setDialog] = useState<InstanceDialog>()
  const [finalizing, setFinalizing] = useState<Operation>()
  const words = instanceStateWords[instance.state]
  const choose = (chosen: InstanceDialog) => {
    setOpen(false)
    setDialog(chosen)
  }
  const finalize = (operation: Operation) => {
    setOpen(false)
    setFinalizing(operation)
  }
  return (
    <>
      <Popover
        opened={isOpen}
        onChange={setOpen}
        width={340}
        position="bottom-start"
        shadow="md"
        trapFocus
        returnFocus
        withArrow
      >
        <Popover.Target>
          <UnstyledButton
            className={classes.button}
            onClick={() => setOpen(!isOpen)}
            aria-label={`${instance.name} is ${words.label}: why, and what next`}
          >
            <StateBadge state={instance.state} />
            <IconChevronDown size={13} aria-hidden />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown!}>
          <StateStory instance={instance} onChoose={choose} onFinalize={finalize} />
        </Popover.Dropdown>
      </Popover>
      <InstanceDialogs instance={instance} open={dialog} onClose={() => setDialog(undefined)} />
      {finalizing && <OperationFinalize operation={finalizing} onClose={() => setFinalizing(undefined)} />}
    </>
  )
}

type OnFinalize = (operation: Operation) => void
type StateStoryProps = { instance: Instance; onChoose: (dialog: InstanceDialog) => void; onFinalize: OnFinalize }

function StateStory({ instance, onChoose, onFinalize }: StateStoryProps) {
  const words = instanceStateWords[instance.state]
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" fw={600}>
          {words.label} for <Elapsed from={instance.stateSince} />
        </Text>
        <Text size="sm" c="dimmed">
          {instance.stateReason ?? words.meaning}
        </Text>
        {instance.healthReason && (
          <Text size="sm" mt={4}>
            {instance.healthReason}
          </Text>
        )}
      </div>
      {instance.currentOperation && (
        <OpenOperation operationId={instance.currentOperation.operationId} onFinalize={onFinalize} />
      )}
      {instance.state !== 'Deleted' && <InstanceActions instance={instance} onChoose={onChoose} size="compact-sm" />}
    </Stack>
  )
}

function OpenOperation({ operationId, onFinalize }: { operationId: string; onFinalize: OnFinalize }) {
  const { data: operation } = useQuery(queries.operation(operationId))
  if (!operation) return <Text size="sm">Reading what is under way…</Text>
  return (
    <div className={classes.operation}>
      <Text size="sm">
        <Anchor component={Link} to={paths.operation} params={{ operationId } as never} fw={600}>
          {operation.title}
        </Anchor>
        : {operation.stepTitle}
      </Text>
      {(operation.error?.message ?? operation.waitingReason) && (
        <Text size="sm" c="dimmed" mt={2}>
          {operation.error?.message ?? operation.waitingReason}
        </Text>
      )}
      <OperationActions operation={operation} size="compact-sm" mt="xs" onFinalize={onFinalize} />
    </div>
  )
}
