import { Progress, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Environment, SubnetUse, Version } from '../api-types.ts'
import { formatCount, formatMib, plural } from '../format.ts'
import { queries } from '../queries.ts'
import { Badge } from '../ui/Badge.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { PageHead } from '../ui/PageHead.tsx'
import { Facts, Panel } from '../ui/Panel.tsx'
import parts from '../ui/TableParts.module.css'
import classes from './EnvironmentPage.module.css'

/** What new Instances can have here, and how much of it is in use. */
export function EnvironmentPage() {
  const { data: environment, error, refetch } = useQuery(queries.environment())
  const { data: versions } = useQuery(queries.versions())
  return (
    <>
      <PageHead title="Environment" sub="What new Instances can have here, and how much of it is in use." />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!environment && !error && (
        <Stack>
          <Text role="status">Reading the environment…</Text>
          <Skeleton height={300} radius="lg" />
        </Stack>
      )}
      {environment && (
        <div className={classes.grid}>
          <div className={classes.column}>
            <ZonesPanel environment={environment} />
            {versions && <VersionsPanel versions={versions.list} />}
          </div>
          <div className={classes.column}>
            <LimitsPanel environment={environment} />
            <MachinesPanel environment={environment} />
          </div>
        </div>
      )}
    </>
  )
}

function ZonesPanel({ environment }: { environment: Environment }) {
  return (
    <Panel title="Zones and subnets">
      <ul className={classes.zones}>
        {environment.zones.map((zone) => (
          <li key={zone.id}>
            <h3 className={classes.zone}>{zone.id}</h3>
            {zone.subnets.map((subnet) => (
              <SubnetLine key={subnet.id} subnet={subnet} />
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function SubnetLine({ subnet }: { subnet: SubnetUse }) {
  return (
    <div className={classes.subnet}>
      <span>
        {subnet.id} <span className={`mono ${classes.range}`}>{subnet.range}</span>
      </span>
      <span className="num">
        {formatCount(subnet.used)} used, {plural(subnet.free, 'address', 'addresses')} free
      </span>
      <Progress
        className={classes.meter}
        value={(subnet.used / Math.max(1, subnet.capacity)) * 100}
        aria-label={`${subnet.id}: ${subnet.used} of ${subnet.capacity} addresses used`}
      />
    </div>
  )
}

function LimitsPanel({ environment: { limits, ...environment } }: { environment: Environment }) {
  const memory =
    limits.memoryMiB === null
      ? `${formatMib(limits.memoryUsedMiB)} used, no limit`
      : `${formatMib(limits.memoryUsedMiB)} of ${formatMib(limits.memoryMiB)} used`
  return (
    <Panel title="About">
      <Facts
        facts={[
          ['Id', environment.environmentId],
          ['Provider', environment.provider],
          ['Millrace', environment.millraceVersion],
          ['An Instance', `${limits.leastAku} to ${limits.mostAku} AKU`],
          ['Node memory', memory],
          ['Room for', limits.mostNodesNow === null ? 'any number of nodes' : plural(limits.mostNodesNow, 'more node')],
        ]}
      />
      {limits.memoryMiB !== null && (
        <Progress
          mt="xs"
          value={(limits.memoryUsedMiB / Math.max(1, limits.memoryMiB)) * 100}
          aria-label={`Node memory: ${memory}`}
        />
      )}
    </Panel>
  )
}

function MachinesPanel({ environment }: { environment: Environment }) {
  return (
    <Panel title="Machine types">
      <ul className={classes.machines}>
        {environment.machineTypes.map((machine) => (
          <li key={machine.id}>
            <strong>{machine.id}</strong>: {machine.akuPerNode} AKU and {formatMib(machine.memoryMiB)} for each node
            <Text size="sm" c="dimmed">
              {machine.description}
            </Text>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function VersionsPanel({ versions }: { versions: Version[] }) {
  return (
    <Panel title="Apache Kafka versions" isFlush>
      <Table className={parts.table!} verticalSpacing={8} aria-label="Versions">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Version</Table.Th>
            <Table.Th>Can go to</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map(({ version, recommended, endOfLife, upgradableTo }) => (
            <Table.Tr key={version}>
              <Table.Td>
                <span className={classes.version}>
                  <span className="num">{version}</span>
                  {recommended && <Badge tone="good">Recommended</Badge>}
                  {endOfLife && <Badge tone="warn">End of life</Badge>}
                </span>
              </Table.Td>
              <Table.Td className="num">{upgradableTo.join(', ') || 'nowhere further'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  )
}
