import { SegmentedControl, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Endpoint, Instance } from '../api-types.ts'
import { queries } from '../queries.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Panel } from '../ui/Panel.tsx'
import classes from './EndpointPanel.module.css'
import { snippetsFor } from './snippets.ts'

/** Where clients connect, and programs that do. */
export function EndpointPanel({ instance }: { instance: Instance }) {
  const endpoints = useQuery(queries.endpoints(instance.instanceId))
  const list = endpoints.data?.list
  return (
    <Panel title="Connect">
      {!list && <Skeleton height={160} aria-label="Reading the endpoints…" />}
      {list?.map((endpoint) => (
        <EndpointLines key={endpoint.bootstrapServers} endpoint={endpoint} />
      ))}
      {instance.state === 'Creating' && (
        <Text size="sm" c="dimmed" mt="xs">
          Nothing answers there yet: programs to copy appear when the Instance is running.
        </Text>
      )}
      {list?.[0] && instance.state !== 'Creating' && <Snippets bootstrapServers={list[0].bootstrapServers} />}
    </Panel>
  )
}

function EndpointLines({ endpoint }: { endpoint: Endpoint }) {
  return (
    <div className={classes.endpoint}>
      <div className={classes.label}>
        Bootstrap servers · {endpoint.protocol}
        {endpoint.mechanisms && ` · ${endpoint.mechanisms}`} · {endpoint.networkType}
      </div>
      <div className={classes.servers}>
        <code>{endpoint.bootstrapServers.replaceAll(',', ', ')}</code>
        <CopyButton text={endpoint.bootstrapServers} label="Copy the bootstrap servers" />
      </div>
    </div>
  )
}

function Snippets({ bootstrapServers }: { bootstrapServers: string }) {
  const snippets = snippetsFor(bootstrapServers)
  const [chosen, setChosen] = useState(snippets[0]!.label)
  const snippet = snippets.find(({ label }) => label === chosen) ?? snippets[0]!
  return (
    <div className={classes.snippets}>
      <div className={classes.choice}>
        <SegmentedControl
          aria-label="Program in"
          size="xs"
          data={snippets.map(({ label }) => label)}
          value={chosen}
          onChange={setChosen}
        />
        <CopyButton text={snippet.code} label={`Copy the ${snippet.label} program`} />
      </div>
      <pre className={classes.code}>{snippet.code}</pre>
    </div>
  )
}
