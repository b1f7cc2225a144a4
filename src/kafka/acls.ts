import { createAclsV3, deleteAclsV3, describeAclsV3 } from '@platformatic/kafka'
import type { Acl, Connection } from '@platformatic/kafka'
import type { AclEntry, AclOperation } from '../domain/acl.ts'
import { AppError } from '../domain/errors.ts'
import { refuse, withAnyBroker } from './any-broker.ts'
import { responseOf } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'
import { seenByAll } from './seen-by-all.ts'

/** Access rules, as Kafka's authorizer keeps them in the metadata. The numbers are the protocol's. */
const resourceTypes = { TOPIC: 2, GROUP: 3, CLUSTER: 4, TRANSACTIONAL_ID: 5, DELEGATION_TOKEN: 6, USER: 7 } as const
const patternTypes = { LITERAL: 3, PREFIXED: 4 } as const
const permissionTypes = { DENY: 2, ALLOW: 3 } as const
const operations = {
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
} as const satisfies Record<AclOperation, number>

const any = 1
const everything = {
  resourceType: any,
  resourceName: null,
  resourcePatternType: any,
  principal: null,
  host: null,
  operation: any,
  permissionType: any,
} as const

const noAuthorizer = 54

export const listAcls = (brokers: BrokerEndpoint[]): Promise<AclEntry[] | null> => withAnyBroker(brokers, fetchAcls)

async function fetchAcls(connection: Connection): Promise<AclEntry[] | null> {
  const asked = describeAclsV3.api.async(connection, everything)
  const answer = await asked.catch((error: unknown) => responseOf(error) as describeAclsV3.DescribeAclsResponse)
  if (answer.errorCode === noAuthorizer) return null
  if (answer.errorCode !== 0) throw refuse('tell its access rules', 'Acl.Refused', answer)
  return answer.resources.flatMap(({ acls, ...target }) =>
    acls.flatMap((acl) => entryFrom({ ...target, ...acl }) ?? []),
  )
}

/** What a newer Kafka has more is left out. */
function entryFrom(acl: Acl): AclEntry | undefined {
  const resourceType = nameOf(resourceTypes, acl.resourceType)
  const operation = nameOf(operations, acl.operation)
  const patternType = nameOf(patternTypes, acl.resourcePatternType)
  const permissionType = nameOf(permissionTypes, acl.permissionType)
  if (!resourceType || !operation || !patternType || !permissionType) return undefined
  const { principal, host, resourceName } = acl
  return { principal, host, permissionType, resourceType, resourceName, patternType, operation }
}

const nameOf = <K extends string>(codes: Record<K, number>, wanted: number): K | undefined =>
  (Object.keys(codes) as K[]).find((name) => codes[name] === wanted)

const aclFrom = (entry: AclEntry): Acl => ({
  resourceType: resourceTypes[entry.resourceType],
  resourceName: entry.resourceName,
  resourcePatternType: patternTypes[entry.patternType],
  principal: entry.principal,
  host: entry.host,
  operation: operations[entry.operation],
  permissionType: permissionTypes[entry.permissionType],
})

export async function createAcls(brokers: BrokerEndpoint[], entries: AclEntry[]): Promise<void> {
  const { results } = await withAnyBroker(brokers, (connection) =>
    createAclsV3.api
      .async(connection, entries.map(aclFrom))
      .catch((error: unknown) => responseOf(error) as createAclsV3.CreateAclsResponse),
  )
  const refused = results.find(({ errorCode }) => errorCode !== 0)
  if (refused?.errorCode === noAuthorizer) throw notEnforced()
  if (refused) throw refuse('take this access rule', 'Acl.Refused', refused)
  await awaitEntries(brokers, entries, true)
}

export const notEnforced = () =>
  new AppError(
    'conflict',
    'Acl.NotEnforced',
    'This Instance asks nobody who they are, so no access rule would be enforced. Give it authentication (sasl or mtls) first.',
  )

export async function deleteAcls(brokers: BrokerEndpoint[], entries: AclEntry[]): Promise<void> {
  if (entries.length === 0) return
  const { filterResults } = await withAnyBroker(brokers, (connection) =>
    deleteAclsV3.api
      .async(connection, entries.map(aclFrom))
      .catch((error: unknown) => responseOf(error) as deleteAclsV3.DeleteAclsResponse),
  )
  const refused = filterResults.find(({ errorCode }) => errorCode !== 0)
  if (refused?.errorCode === noAuthorizer) return
  if (refused) throw refuse('take this access rule away', 'Acl.Refused', refused)
  await awaitEntries(brokers, entries, false)
}

const keyOf = (entry: AclEntry): string => JSON.stringify(aclFrom(entry))

const awaitEntries = (brokers: BrokerEndpoint[], entries: AclEntry[], areThere: boolean): Promise<void> =>
  seenByAll(brokers, async (connection) => {
    const seen = new Set((await fetchAcls(connection))?.map(keyOf))
    return entries.every((entry) => seen.has(keyOf(entry)) === areThere)
  })
