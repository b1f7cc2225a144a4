import { Button, Group, List, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../api.ts'
import type { Operation } from '../api-types.ts'
import { useRefreshOperation } from '../components/use-refresh-operation.ts'
import { queries } from '../queries.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'

type OperationFinalizeProps = { operation: Operation; onClose: () => void }

/** The last word on an upgrade: what nobody can do any more after it. */
export function OperationFinalize({ operation, onClose }: OperationFinalizeProps) {
  const { operationId, instanceId, instanceName } = operation
  const instance = useQuery(queries.instance(instanceId))
  const refresh = useRefreshOperation(operation)
  const finalize = useMutation({
    mutationFn: () => api.finalizeOperation(operationId),
    onSuccess: onClose,
    onSettled: refresh,
  })
  const version = instance.data ? `Kafka ${instance.data.targetVersion}` : 'the new version'
  return (
    <Dialog onClose={onClose} title={`Make ${version} final on ${instanceName}?`}>
      <Stack>
        <Notice tone="warn">
          <Text size="sm">
            Kafka cannot go back after this. The cluster begins to write its data as {version} does, and no older
            version reads that.
          </Text>
        </Notice>
        <List size="sm" spacing={4} aria-label="What can no more be done">
          <List.Item>This upgrade cannot be rolled back or cancelled any more.</List.Item>
          <List.Item>No node can be started with the old version again.</List.Item>
          <List.Item>A fault of the new version can be mended only by going further on, to a newer one.</List.Item>
        </List>
        <Text size="sm" c="dimmed">
          There is no hurry: until you decide, clients work as ever, and rolling back stays open.
        </Text>
        {finalize.error && <ErrorNotice error={finalize.error} title="Nothing was made final" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Not yet
          </Button>
          <Button loading={finalize.isPending} onClick={() => finalize.mutate()}>
            Make {version} final
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
