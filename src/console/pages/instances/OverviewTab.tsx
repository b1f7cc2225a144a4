import { Anchor, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { isSecretName } from '../../../domain/kafka-settings.ts'
import type { Instance } from '../../api-types.ts'
import { capacityWords } from '../../capacity-words.ts'
import { CertificatesPanel } from '../../components/CertificatesPanel.tsx'
import { EndpointPanel } from '../../components/EndpointPanel.tsx'
import { Health } from '../../components/Health.tsx'
import { MetricsExporterPanel } from '../../components/MetricsExporterPanel.tsx'
import { amountWords } from '../../components/setting-words.ts'
import { StatisticsStrip } from '../../components/StatisticsStrip.tsx'
import { TrafficPanel } from '../../components/TrafficPanel.tsx'
import { ZoneMap } from '../../components/ZoneMap.tsx'
import { formatCount } from '../../format.ts'
import { paths } from '../../paths.ts'
import { queries } from '../../queries.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Facts, Panel } from '../../ui/Panel.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { instanceHealthWords, nodeHealthWords } from '../../words.ts'
import classes from './InstancePage.module.css'

/** Numbers move without anybody telling. */
const movesMs = 15_000

export function OverviewTab({ instance }: { instance: Instance }) {
  useQuery({ ...queries.instance(instance.instanceId), refetchInterval: movesMs })
  return (
    <div className={classes.grid}>
      <div className={classes.column}>
        <StatisticsStrip statistics={instance.statistics} observedAt={instance.observedAt} />
        <TrafficPanel instance={instance} />
        <EndpointPanel instance={instance} />
        <ConfigurationPanel instanceId={instance.instanceId} />
      </div>
      <div className={classes.column}>
        <PlacesPanel instance={instance} />
        <CertificatesPanel instance={instance} />
        <MetricsExporterPanel instance={instance} />
        <CapacityPanel instance={instance} />
        <AboutPanel instance={instance} />
      </div>
    </div>
  )
}

function PlacesPanel({ instance }: { instance: Instance }) {
  const nodes = useQuery(queries.nodes(instance.instanceId))
  const zones = instance.spec.networks.map(({ zone }) => zone)
  return (
    <Panel title="Nodes" aside={<Health words={instanceHealthWords[instance.health]} reason={instance.healthReason} />}>
      {nodes.data ? (
        <ZoneMap zones={zones} nodes={nodes.data.list.map((node) => ({ ...node, ...mapLook(node) }))} />
      ) : (
        <Skeleton height={120} role="status" aria-label="Reading the nodes…" />
      )}
    </Panel>
  )
}

const mapLook = ({ health, address }: { health: keyof typeof nodeHealthWords; address: string }) => ({
  tone: nodeHealthWords[health].tone,
  words: `${nodeHealthWords[health].label}, ${address}`,
})

function CapacityPanel({ instance }: { instance: Instance }) {
  const { throughput } = instance
  return (
    <Panel title="Capacity">
      <Facts
        facts={[
          ['Reserved', capacityWords(instance)],
          ...(throughput
            ? [
                [
                  'Carries',
                  `${formatCount(throughput.writeMibPerSecond)} MiB/s written, or ${formatCount(throughput.readMibPerSecond)} MiB/s read`,
                ] as [string, string],
              ]
            : []),
          ...(instance.spec.nodeConfig?.instanceTypes
            ? [['Machine type', instance.spec.nodeConfig.instanceTypes.join(', ')] as [string, string]]
            : []),
          ['Storage', 'nothing reserved; grows with what is kept'],
        ]}
      />
    </Panel>
  )
}

function AboutPanel({ instance }: { instance: Instance }) {
  const facts: [string, React.ReactNode][] = [
    ['Version', instance.version],
    [
      'Kafka cluster id',
      <>
        <span className="mono">{instance.kafkaClusterId}</span>{' '}
        <CopyButton text={instance.kafkaClusterId} label="Copy the Kafka cluster id" />
      </>,
    ],
    ['Subnets', instance.spec.networks.map(({ zone, subnet }) => subnet ?? zone).join(', ')],
    ['Created', <TimeAgo at={instance.gmtCreate} />],
  ]
  if (instance.features.walMode) facts.push(['WAL mode', instance.features.walMode])
  if (instance.tags?.length) facts.push(['Tags', instance.tags.map(({ name, value }) => `${name}=${value}`).join(', ')])
  return (
    <Panel title="About">
      <Facts facts={facts} />
    </Panel>
  )
}

function ConfigurationPanel({ instanceId }: { instanceId: string }) {
  const { data } = useQuery(queries.configurations(instanceId))
  if (!data || data.list.length === 0) return null
  return (
    <Panel title="Its own settings" aside={<AllSettings instanceId={instanceId} />}>
      <Facts
        facts={data.list.map(({ key, value }) => [
          key,
          isSecretName(key) ? 'hidden' : <SettingValue name={key} value={value} />,
        ])}
      />
    </Panel>
  )
}

function SettingValue({ name, value }: { name: string; value: string }) {
  return (
    <>
      <span className="mono">{value}</span>{' '}
      <Text span size="sm" c="dimmed">
        {amountWords(name, value)}
      </Text>
    </>
  )
}

function AllSettings({ instanceId }: { instanceId: string }) {
  return (
    <Anchor
      size="sm"
      renderRoot={(props) => (
        <Link to={paths.instance} params={{ instanceId }} search={{ tab: 'settings' }} {...props} />
      )}
    >
      All settings
    </Anchor>
  )
}
