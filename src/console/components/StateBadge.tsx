import { Badge } from '../ui/Badge.tsx'
import type { InstanceState } from '../../domain/instance.ts'
import type { OperationStatus } from '../../domain/operation.ts'
import { instanceStateWords, operationStatusWords } from '../words.ts'

export function StateBadge({ state }: { state: InstanceState }) {
  const { label, tone, isMoving } = instanceStateWords[state]
  return (
    <Badge tone={tone} isMoving={isMoving}>
      {label}
    </Badge>
  )
}

export function OperationStatusBadge({ status }: { status: OperationStatus }) {
  const { label, tone, isMoving } = operationStatusWords[status]
  return (
    <Badge tone={tone} isMoving={isMoving}>
      {label}
    </Badge>
  )
}
