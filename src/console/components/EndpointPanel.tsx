import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Endpoint, Instance } from '../api-types.ts'
import { queries } from '../queries.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { Panel } from '../ui/Panel.tsx'
import { ClientConfiguration } from './ClientConfiguration.tsx'
import classes from './EndpointPanel.module.css'
import { FirstSteps } from './FirstSteps.tsx'

/** Where clients connect, listener by listener, and what they are configured with. */
export function EndpointPanel({ instance }: { instance: Instance }) {
  const { data, error, refetch } = useQuery(queries.endpoints(instance.instanceId))
  const list = data?.list
  return (
    <Panel title="Connect">
      <div className={classes.steps}>
        <FirstSteps instance={instance} />
      </div>
      {error && !list && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!list && !error && <Skeleton height={160} role="status" aria-label="Reading the endpoints…" />}
      {list?.map((endpoint) => (
        <EndpointLines key={endpoint.name} endpoint={endpoint} />
      ))}
      {instance.state === 'Creating' && (
        <Text size="sm" c="dimmed" mt="xs">
          Nothing answers there yet: configurations to copy appear when the Instance is running.
        </Text>
      )}
      {list && list.length > 0 && instance.state !== 'Creating' && (
        <div className={classes.configuration}>
          <ClientConfiguration instanceId={instance.instanceId} endpoints={list} />
        </div>
      )}
    </Panel>
  )
}

function EndpointLines({ endpoint }: { endpoint: Endpoint }) {
  const { displayName, protocol, mechanisms, bootstrapServers, warning } = endpoint
  return (
    <div className={classes.endpoint}>
      <div className={classes.label}>
        Bootstrap servers · {displayName} · {protocol}
        {mechanisms && ` · ${mechanisms.replaceAll(',', ', ')}`}
      </div>
      <div className={classes.servers}>
        <code>{bootstrapServers.replaceAll(',', ', ')}</code>
        <CopyButton text={bootstrapServers} label={`Copy the bootstrap servers of ${displayName}`} />
      </div>
      {warning && <Notice tone="warn">{warning}</Notice>}
    </div>
  )
}
