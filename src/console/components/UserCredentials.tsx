import { Anchor, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../queries.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Notice } from '../ui/Notice.tsx'
import { clientKinds, configurationFor, userEndpoints, type ClientKind } from './client-access.ts'
import classes from './UserCredentials.module.css'

type UserCredentialsProps = {
  instanceId: string
  user: string
  /** Null: the person chose it, or its only showing is over. */
  password: string | null
}

/** A user's password, this once, and what a client is configured with. */
export function UserCredentials({ instanceId, user, password }: UserCredentialsProps) {
  const endpoints = useQuery(queries.endpoints(instanceId))
  return (
    <Stack gap="md">
      {password !== null && (
        <>
          <Notice tone="warn" title="Shown this once">
            <Text size="sm">Millrace keeps no password: take it now. If it is lost, give the user another one.</Text>
          </Notice>
          <div>
            <div className={classes.label}>Password of {user}</div>
            <div className={classes.secret}>
              <code>{password}</code>
              <CopyButton text={password} label="Copy the password" />
            </div>
          </div>
        </>
      )}
      {endpoints.data ? (
        <Configuration
          instanceId={instanceId}
          endpoints={userEndpoints(endpoints.data.list)}
          user={user}
          password={password}
        />
      ) : (
        <Skeleton height={160} aria-label="Reading the endpoints…" />
      )}
    </Stack>
  )
}

type ConfigurationProps = UserCredentialsProps & {
  endpoints: ReturnType<typeof userEndpoints>
}

function Configuration({ instanceId, endpoints, user, password }: ConfigurationProps) {
  const [kind, setKind] = useState<ClientKind>('java')
  const [name, setName] = useState(endpoints.at(-1)?.name)
  const endpoint = endpoints.find((one) => one.name === name)
  if (!endpoint) return null
  const text = configurationFor(endpoint, kind, { user, password: password ?? 'YOUR_PASSWORD' })
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
          <SegmentedControl
            aria-label="Listener"
            size="xs"
            data={endpoints.map((one) => ({ value: one.name, label: one.protocol }))}
            value={endpoint.name}
            onChange={setName}
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
