import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import type { KeyPair } from '../api-types.ts'
import { Notice } from '../ui/Notice.tsx'
import { Code, Secret } from '../ui/Secret.tsx'
import { environmentText, keyPairFile, providerText } from './key-pair-texts.ts'

type KeyPairPanelProps = { name: string; pair: KeyPair | null; onClose: () => void }

/** A key pair, this once: to copy, to download, and as Terraform takes it. */
export function KeyPairPanel({ name, pair, onClose }: KeyPairPanelProps) {
  const [form, setForm] = useState('environment')
  if (!pair) {
    return (
      <Stack>
        <Notice tone="warn" title="The key pair was shown before">
          <Text size="sm">The secret key cannot be shown again. Rotate, and there is another pair.</Text>
        </Notice>
        <Done onClose={onClose} />
      </Stack>
    )
  }
  const endpoint = window.location.origin
  return (
    <Stack>
      <Notice tone="warn" title="Shown this once">
        <Text size="sm">Take the secret key now: Millrace keeps it sealed and cannot show it again.</Text>
      </Notice>
      <Secret label="Access key" text={pair.accessKey} />
      <Secret label="Secret key" text={pair.secretKey} />
      <div>
        <SegmentedControl
          aria-label="As"
          size="xs"
          data={[
            { value: 'environment', label: 'Environment variables' },
            { value: 'provider', label: 'Terraform provider' },
          ]}
          value={form}
          onChange={setForm}
          mb="xs"
        />
        {form === 'environment' ? (
          <Code label="For a shell, and for Terraform" text={environmentText(endpoint, pair)} />
        ) : (
          <Code label="The provider; the secret comes from a variable" text={providerText(endpoint, pair.accessKey)} />
        )}
      </div>
      <Group justify="space-between">
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => download(keyPairFile(name), environmentText(endpoint, pair))}
        >
          Download
        </Button>
        <Done onClose={onClose} />
      </Group>
    </Stack>
  )
}

const Done = ({ onClose }: { onClose: () => void }) => (
  <Group justify="flex-end">
    <Button onClick={onClose}>Done</Button>
  </Group>
)

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
