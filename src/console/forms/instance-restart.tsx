import { Checkbox, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Instance } from '../api-types.ts'
import { queries } from '../queries.ts'
import { ChangeDialog } from './change-dialog.tsx'

/** Restarts all nodes or some, one after the other, each when everything it carries is in sync elsewhere. */
export function InstanceRestart({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const nodes = useQuery(queries.nodes(instance.instanceId))
  const known = nodes.data?.list.map(({ kafkaId }) => kafkaId) ?? []
  const [left, setLeft] = useState<number[]>([])
  const chosen = known.filter((id) => !left.includes(id))
  const words = chosen.join()
  const request = useMemo(() => {
    const ids = words === '' ? [] : words.split(',').map(Number)
    const body = left.length > 0 ? { nodes: ids } : {}
    return ids.length > 0 ? { verb: 'restart' as const, body } : null
  }, [words, left.length])
  return (
    <ChangeDialog
      instance={instance}
      title={`Restart ${instance.name}`}
      verb="Restart"
      request={request}
      hint="Choose at least one node."
      fields={['nodes']}
      onClose={onClose}
    >
      {() => (
        <Checkbox.Group
          label="Nodes"
          value={chosen.map(String)}
          onChange={(values) => setLeft(known.filter((id) => !values.includes(String(id))))}
        >
          <Stack gap={6} mt={6}>
            {nodes.data ? (
              nodes.data.list.map(({ kafkaId, zone, address }) => (
                <Checkbox key={kafkaId} value={String(kafkaId)} label={`Node ${kafkaId}: ${address}, ${zone}`} />
              ))
            ) : (
              <Text size="sm">Reading the nodes…</Text>
            )}
          </Stack>
        </Checkbox.Group>
      )}
    </ChangeDialog>
  )
}
