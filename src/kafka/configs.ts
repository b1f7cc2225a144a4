import { describeConfigsV4, incrementalAlterConfigsV1 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { refuse } from './any-broker.ts'
import { responseOf } from './broker-connection.ts'

/** Kafka's configuration requests, for topics and brokers. The numbers are the protocol's. */
export const resourceTypes = { topic: 2, broker: 4 } as const
export const configSources = { topic: 1, broker: 2, brokerDefault: 3, static: 4, default: 5 } as const
export const configTypeNames = [
  'unknown',
  'boolean',
  'string',
  'int',
  'short',
  'long',
  'double',
  'list',
  'class',
  'password',
]

export type Resource = { type: 2 | 4; name: string }
export type ConfigChange = { set?: Record<string, string>; remove?: string[] }
export type ConfigEntry = describeConfigsV4.DescribeConfigsResponseConfig

/** The named keys of each resource, or all; a resource that is gone comes without entries. */
export async function fetchConfigs(
  connection: Connection,
  resources: Resource[],
  keys: string[] | null,
): Promise<Map<string, ConfigEntry[]>> {
  if (resources.length === 0) return new Map()
  const asked = describeConfigsV4.api.async(
    connection,
    resources.map(({ type, name }) => ({ resourceType: type, resourceName: name, configurationKeys: keys })),
    true,
    false,
  )
  const answer = await asked.catch((error: unknown) => responseOf(error) as describeConfigsV4.DescribeConfigsResponse)
  return new Map(answer.results.map(({ resourceName, configs }) => [resourceName, configs]))
}

const setOperation = 0
const deleteOperation = 1
const unknownTopic = 3

type Alteration = { changes: (Resource & ConfigChange)[]; validateOnly?: boolean }

/** Throws Kafka's refusal as `invalid` (`Kafka.SettingRefused`) in its own words. */
export async function alterConfigs(
  connection: Connection,
  { changes, validateOnly = false }: Alteration,
): Promise<void> {
  const resources = changes
    .map(({ type, name, set = {}, remove = [] }) => ({
      resourceType: type,
      resourceName: name,
      configs: [
        ...Object.entries(set).map(([key, value]) => ({ name: key, configOperation: setOperation, value }) as const),
        ...remove.map((key) => ({ name: key, configOperation: deleteOperation }) as const),
      ],
    }))
    .filter(({ configs }) => configs.length > 0)
  if (resources.length === 0) return
  const asked = incrementalAlterConfigsV1.api.async(connection, resources, validateOnly)
  const answer = await asked.catch(
    (error: unknown) => responseOf(error) as incrementalAlterConfigsV1.IncrementalAlterConfigsResponse,
  )
  // From a topic that is gone there is nothing left to remove.
  const onlyRemoving = new Set(changes.filter(({ set }) => !set).map(({ name }) => name))
  const isGone = ({ errorCode, resourceName }: { errorCode: number; resourceName: string }) =>
    errorCode === unknownTopic && onlyRemoving.has(resourceName)
  const refused = answer.responses.find((response) => response.errorCode !== 0 && !isGone(response))
  if (refused) throw refuse('take these settings', 'Kafka.SettingRefused', refused)
}
