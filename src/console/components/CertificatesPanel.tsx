import { Group, Stack } from '@mantine/core'
import { isAuthorized } from '../../domain/security.ts'
import type { Instance } from '../api-types.ts'
import { Facts, Panel } from '../ui/Panel.tsx'
import { CertificateList } from './CertificateList.tsx'
import { AuthorityButton, SecurityButton } from './SecurityButton.tsx'

const methodWords: Record<string, string> = {
  anonymous: 'anybody',
  sasl: 'users with passwords',
  mtls: 'client certificates',
}
const modeWords: Record<string, string> = { plaintext: 'plain text', tls: 'TLS' }

/** Who may come to an Instance, over what, and how long its certificates last. */
export function CertificatesPanel({ instance }: { instance: Instance }) {
  const { security } = instance.features
  const inWords = (given: string[], words: Record<string, string>) => given.map((one) => words[one] ?? one).join(', ')
  const modes = security?.transitEncryptionModes ?? ['plaintext']
  return (
    <Panel title="Security" aside={<SecurityButton instance={instance} />}>
      <Stack gap="sm">
        <Facts
          facts={[
            ['Who comes in', inWords(security?.authenticationMethods ?? ['anonymous'], methodWords)],
            ['On the way', inWords(modes, modeWords)],
            ['Access rules', isAuthorized(security) ? 'refuse what none allows' : 'none: anybody may do everything'],
          ]}
        />
        <CertificateList instanceId={instance.instanceId} isShownToClients={modes.includes('tls')} />
        <Group>
          <AuthorityButton instance={instance} />
        </Group>
      </Stack>
    </Panel>
  )
}
