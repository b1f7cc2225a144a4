import { Anchor } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { QueryClient } from '@tanstack/react-query'
import type { AnyRouter } from '@tanstack/react-router'
import type { ChangeEvent, Operation } from '../api-types.ts'
import { formatDuration } from '../format.ts'
import { paths } from '../paths.ts'
import { queries } from '../queries.ts'

const ends = /^operation\.(succeeded|failed|cancelled)$/

/** Tells the end of an Operation wherever the person is, with the way to it. */
export async function tellEnd(event: ChangeEvent, queryClient: QueryClient, router: AnyRouter): Promise<void> {
  if (!event.operationId || !ends.test(event.kind)) return
  const { operationId } = event
  const operation = await queryClient.fetchQuery({ ...queries.operation(operationId), staleTime: 0 })
  notifications.show({
    id: operationId,
    title: titleOf(operation),
    color: operation.status === 'Failed' ? 'red' : 'race',
    autoClose: operation.status === 'Failed' ? false : 6_000,
    closeButtonProps: { 'aria-label': 'Close' },
    message: (
      <Anchor
        size="sm"
        href={paths.operation.replace('$operationId', operationId)}
        onClick={(click) => {
          click.preventDefault()
          void router.navigate({ to: paths.operation, params: { operationId } })
        }}
      >
        {operation.status === 'Failed' ? 'See what went wrong' : 'See what was done'}
      </Anchor>
    ),
  })
}

function titleOf({ title, instanceName, status, createdAt, endedAt }: Operation): string {
  const took = endedAt ? ` in ${formatDuration(Date.parse(endedAt) - Date.parse(createdAt))}` : ''
  if (status === 'Failed') return `${title} ${instanceName} failed`
  if (status === 'Cancelled') return `${title} ${instanceName} was cancelled`
  return `${title} ${instanceName}: done${took}`
}
