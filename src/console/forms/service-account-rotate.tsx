import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { access } from '../api-access.ts'
import type { ServiceAccount } from '../api-types.ts'
import { KeyPairPanel } from '../components/KeyPairPanel.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'

const overlaps = [
  { value: '0', label: 'Ends at once' },
  { value: '3600', label: 'Goes on for an hour' },
  { value: '86400', label: 'Goes on for a day' },
  { value: '604800', label: 'Goes on for a week' },
  { value: '2592000', label: 'Goes on for 30 days' },
]

type ServiceAccountRotateProps = { account: ServiceAccount; onClose: () => void }

/** Another key pair, while programs are moved over; afterwards it, this once. */
export function ServiceAccountRotate({ account, onClose }: ServiceAccountRotateProps) {
  const queryClient = useQueryClient()
  const [overlap, setOverlap] = useState('86400')
  const { name, serviceAccountId } = account
  const rotate = useMutation({
    mutationFn: () => access.rotateServiceAccount(serviceAccountId, Number(overlap)),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['service-accounts'] }),
    gcTime: 0,
  })
  if (rotate.data) {
    return (
      <Dialog onClose={onClose} title={`${name} has another key pair`} size="lg" closeOnClickOutside={false}>
        <KeyPairPanel name={name} pair={rotate.data.keyPair} onClose={onClose} />
      </Dialog>
    )
  }
  return (
    <Dialog onClose={onClose} title={`Rotate the key pair of ${name}`}>
      <Stack>
        <NativeSelect
          label="The key pair of now"
          description="Time to give every program the new one. Older pairs end at once."
          data={overlaps}
          value={overlap}
          onChange={(event) => setOverlap(event.currentTarget.value)}
        />
        {overlap === '0' && (
          <Notice tone="warn">
            <Text size="sm">Programs that still sign with it are refused from this moment.</Text>
          </Notice>
        )}
        {rotate.error && <ErrorNotice error={rotate.error} title="The key pair is as it was" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep the key pair
          </Button>
          <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
            Rotate
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
