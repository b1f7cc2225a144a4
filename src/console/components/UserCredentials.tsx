import { Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../queries.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Notice } from '../ui/Notice.tsx'
import { ClientConfiguration } from './ClientConfiguration.tsx'
import { userEndpoints } from './client-access.ts'
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
        <ClientConfiguration
          instanceId={instanceId}
          endpoints={userEndpoints(endpoints.data.list)}
          first={userEndpoints(endpoints.data.list).at(-1)}
          credentials={{ user, password: password ?? 'YOUR_PASSWORD' }}
        />
      ) : (
        <Skeleton height={160} role="status" aria-label="Reading the endpoints…" />
      )}
    </Stack>
  )
}
