import { Button, Group, Stack, Text } from '@mantine/core'
import { Notice } from '../ui/Notice.tsx'
import { Secret } from '../ui/Secret.tsx'

type OncePasswordProps = { name: string; password: string | null; onClose: () => void }

/** A password to sign in with once, shown to the administrator who hands it on. */
export function OncePassword({ name, password, onClose }: OncePasswordProps) {
  return (
    <Stack>
      {password === null ? (
        <Notice tone="warn" title="The password was shown before">
          <Text size="sm">Millrace keeps no password. Reset it, and {name} gets another one.</Text>
        </Notice>
      ) : (
        <>
          <Notice tone="warn" title="Shown this once">
            <Text size="sm">
              Take it now and hand it on safely: Millrace keeps no password and cannot show it again.
            </Text>
          </Notice>
          <Secret label="One-time password" text={password} />
          <Text size="sm">{name} signs in with it once, within a week, and then chooses a password of their own.</Text>
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}
