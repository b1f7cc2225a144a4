import { Group, type ButtonSize, type MantineSpacing } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { OperationAction } from '../../domain/operation.ts'
import { api } from '../api.ts'
import type { Operation } from '../api-types.ts'
import { OperationFinalize } from '../forms/operation-finalize.tsx'
import { useWhyNot } from '../may.ts'
import { ErrorNotice } from '../ui/Notice.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import { stillOpen } from '../words.ts'
import { useRefreshOperation } from './use-refresh-operation.ts'

const labels: Record<OperationAction, string> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel operation',
  retry: 'Retry',
}

/** What moves it on comes first. */
const order: readonly OperationAction[] = ['resume', 'retry', 'pause', 'cancel']

/** Pause stands where resume would: only one of the two ever makes sense. */
function shown(operation: Operation, isToFinalize: boolean): OperationAction[] {
  const isPaused = operation.status === 'Paused'
  const isFailed = operation.status === 'Failed'
  return order.filter((action) => {
    if (action === 'pause') return !isPaused && !isFailed
    if (action === 'resume') return isPaused && !isToFinalize
    if (action === 'retry') return isFailed
    return true
  })
}

/** Cancelling an upgrade means rolling it back, also where it is one of several changes. */
const labelOf = (action: OperationAction, operation: Operation): string =>
  action === 'cancel' && isUpgrade(operation) ? 'Roll back' : labels[action]

const isUpgrade = ({ kind, plannedSteps }: Operation): boolean =>
  kind === 'upgrade-instance' || plannedSteps.some(({ name }) => name === 'finalize')

type OperationActionsProps = {
  operation: Operation
  size?: ButtonSize
  mt?: MantineSpacing
  mb?: MantineSpacing
  /** Where a dialog cannot stay open from here. */
  onFinalize?: (operation: Operation) => void
}

/** What can be done with an Operation now; what cannot says why. */
export function OperationActions({ operation, size = 'sm', onFinalize, ...margins }: OperationActionsProps) {
  const [isFinalizing, setFinalizing] = useState(false)
  const refresh = useRefreshOperation(operation)
  const act = useMutation({
    mutationFn: (action: OperationAction) => api.actOnOperation(operation.operationId, action),
    onSettled: refresh,
  })
  const why = useWhyNot('operation:control')
  if (!stillOpen(operation.status)) return null
  const isToFinalize = operation.change?.canFinalize.allowed === true
  return (
    <>
      <Group gap="xs" {...margins}>
        {isToFinalize && (
          <ReasonedButton
            size={size}
            allowed={!why}
            why={why}
            onClick={() => (onFinalize ? onFinalize(operation) : setFinalizing(true))}
          >
            Make it final
          </ReasonedButton>
        )}
        {shown(operation, isToFinalize).map((action) => (
          <ReasonedButton
            key={action}
            size={size}
            variant={action === 'retry' || action === 'resume' ? 'filled' : 'default'}
            loading={act.isPending && act.variables === action}
            allowed={!why && operation.actions[action].allowed}
            why={why ?? operation.actions[action].why}
            onClick={() => act.mutate(action)}
          >
            {labelOf(action, operation)}
          </ReasonedButton>
        ))}
      </Group>
      {act.error && <ErrorNotice error={act.error} />}
      {isFinalizing && <OperationFinalize operation={operation} onClose={() => setFinalizing(false)} />}
    </>
  )
}
