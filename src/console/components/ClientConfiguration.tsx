import { Anchor, NativeSelect, SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import type { Endpoint } from '../api-types.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { clientKinds, configurationFor, type ClientKind, type Credentials } from './client-access.ts'
import classes from './UserCredentials.module.css'

type ClientConfigurationProps = {
  instanceId: string
  endpoints: Endpoint[]
  /** Which one is shown first; one that nobody can read along, unless it says otherwise. */
  first?: Endpoint | undefined
  /** Whose; a stand-in where nobody in particular asks. */
  credentials?: Credentials
}

const isEncrypted = ({ protocol }: Endpoint): boolean => protocol.endsWith('SSL')

/** What a client is configured with, for each listener and each kind of client. */
export function ClientConfiguration({ instanceId, endpoints, first, credentials }: ClientConfigurationProps) {
  const [kind, setKind] = useState<ClientKind>('java')
  const [name, setName] = useState((first ?? endpoints.find(isEncrypted) ?? endpoints[0])?.name)
  const endpoint = endpoints.find((one) => one.name === name) ?? endpoints[0]
  if (!endpoint) return null
  const text = credentials ? configurationFor(endpoint, kind, credentials) : endpoint.configurations[kind]
  return (
    <div>
      <div className={classes.label}>What a client is configured with</div>
      <div className={classes.choice}>
        <SegmentedControl
          aria-label="Client"
          size="xs"
          data={clientKinds.map((one) => ({ value: one.kind, label: one.label }))}
          value={kind}
          onChange={(next) => setKind(next as ClientKind)}
        />
        {endpoints.length > 1 && (
          <NativeSelect
            aria-label="Listener"
            size="xs"
            data={endpoints.map((one) => ({ value: one.name, label: one.displayName }))}
            value={endpoint.name}
            onChange={(event) => setName(endpoints.find((one) => one.name === event.currentTarget.value)?.name)}
          />
        )}
        <CopyButton text={text} label="Copy the configuration" />
      </div>
      <pre className={classes.code}>{text}</pre>
      {text.includes('ca.pem') && (
        <Text size="sm" mt="xs">
          <Anchor
            href={`/api/v1/instances/${instanceId}/certificate-authority`}
            download="ca.pem"
            size="sm"
            underline="always"
          >
            Download ca.pem
          </Anchor>
          , by which the client knows the listener.
        </Text>
      )}
    </div>
  )
}
