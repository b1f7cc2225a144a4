import { sql, type Selectable, type SqlBool } from 'kysely'
import type { InstanceId } from '../domain/id.ts'
import type { Node, NodeHealth, NodeIntent, NodeUsage } from '../domain/node.ts'
import { isUniqueViolation } from './constraints.ts'
import type { Db, Tx } from './database.ts'
import type { NodesTable } from './tables.ts'
import { AppError } from '../domain/errors.ts'

/** Rows of nodes. A row holds the node's slot: as long as it stands, nobody else can be given the address. */

export async function listNodes(db: Db, instanceId: InstanceId): Promise<Node[]> {
  const rows = await db
    .selectFrom('nodes')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .orderBy('kafka_id')
    .execute()
  return rows.map(nodeFrom)
}

export async function listNodesOf(db: Db, instanceIds: InstanceId[]): Promise<Node[]> {
  if (instanceIds.length === 0) return []
  const rows = await db
    .selectFrom('nodes')
    .selectAll()
    .where('instance_id', 'in', instanceIds)
    .orderBy('instance_id')
    .orderBy('kafka_id')
    .execute()
  return rows.map(nodeFrom)
}

/** Throws `conflict` (`Instance.AddressTaken`) when another create took a slot first: choose again. */
export async function insertNodes(tx: Tx, nodes: Node[]): Promise<void> {
  try {
    await tx.insertInto('nodes').values(nodes.map(rowFrom)).execute()
  } catch (thrown) {
    if (!isUniqueViolation(thrown, 'nodes_environment_id_address_port_key')) throw thrown
    throw new AppError(
      'conflict',
      'Instance.AddressTaken',
      'Another Instance took an address at the same moment. Try again.',
    )
  }
}

/** Gives the node's slot back. */
export async function deleteNode(tx: Tx, instanceId: InstanceId, kafkaId: number): Promise<void> {
  await tx.deleteFrom('nodes').where('instance_id', '=', instanceId).where('kafka_id', '=', kafkaId).execute()
}

/**
 * Makes placements of one environment take turns until the transaction ends: two at once would choose the same slots, and
 * together more memory than there is.
 */
export async function holdPlacement(tx: Tx, environmentId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`placement ${environmentId}`}, 0))`.execute(tx)
}

/** Slots in use in these subnets, as `address:port`. */
export async function listTakenSlots(db: Db, environmentId: string, subnets: string[]): Promise<string[]> {
  if (subnets.length === 0) return []
  const rows = await db
    .selectFrom('nodes')
    .select(['address', 'port'])
    .where('environment_id', '=', environmentId)
    .where('subnet', 'in', subnets)
    .execute()
  return rows.map(({ address, port }) => `${address}:${port}`)
}

/** How many nodes stand in each subnet; `only` those of these Instances. */
export async function countNodesBySubnet(
  db: Db,
  environmentId: string,
  only?: readonly InstanceId[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('nodes')
    .select((eb) => ['subnet', eb.fn.countAll<number>().as('count')])
    .where('environment_id', '=', environmentId)
    .$if(!!only, (query) => query.where(sql<SqlBool>`instance_id = any(${[...(only ?? [])]})`))
    .groupBy('subnet')
    .execute()
  return new Map(rows.map(({ subnet, count }) => [subnet, count]))
}

/** The version that every node of the Instance is to run. */
export async function updateNodeTargets(tx: Tx, instanceId: InstanceId, targetVersion: string): Promise<void> {
  await tx.updateTable('nodes').set({ target_version: targetVersion }).where('instance_id', '=', instanceId).execute()
}

/** What is to become of these nodes from now on. */
export async function updateNodeIntents(
  tx: Tx,
  instanceId: InstanceId,
  { kafkaIds, intent }: { kafkaIds: number[]; intent: NodeIntent },
): Promise<void> {
  if (kafkaIds.length === 0) return
  await tx
    .updateTable('nodes')
    .set({ intent })
    .where('instance_id', '=', instanceId)
    .where('kafka_id', 'in', kafkaIds)
    .execute()
}

export type NodeSeen = {
  version: string | null
  health: NodeHealth
  healthReason: string | null
  usage: NodeUsage | null
  silentSince?: Date | null
  drift?: string | null
  observedAt: Date
}

export async function updateNodeSeen(
  db: Db,
  node: Pick<Node, 'instanceId' | 'kafkaId'>,
  seen: NodeSeen,
): Promise<void> {
  await db
    .updateTable('nodes')
    .set({
      version: seen.version,
      health: seen.health,
      health_reason: seen.healthReason,
      memory_bytes: seen.usage?.memoryBytes ?? null,
      disk_bytes: seen.usage?.diskBytes ?? null,
      started_at: seen.usage?.startedAt ?? null,
      silent_since: seen.silentSince ?? null,
      drift: seen.drift ?? null,
      observed_at: seen.observedAt,
    })
    .where('instance_id', '=', node.instanceId)
    .where('kafka_id', '=', node.kafkaId)
    .execute()
}

function nodeFrom(row: Selectable<NodesTable>): Node {
  return {
    id: row.id,
    instanceId: row.instance_id,
    environmentId: row.environment_id,
    kafkaId: row.kafka_id,
    roles: row.roles,
    zone: row.zone,
    subnet: row.subnet,
    address: row.address,
    port: row.port,
    controllerPort: row.controller_port,
    directoryId: row.directory_id,
    internalPort: row.internal_port,
    version: row.version,
    targetVersion: row.target_version,
    intent: row.intent,
    health: row.health,
    healthReason: row.health_reason,
    usage: usageFrom(row),
    silentSince: row.silent_since,
    drift: row.drift,
    observedAt: row.observed_at,
  }
}

const usageFrom = (row: Selectable<NodesTable>): NodeUsage | null =>
  row.started_at && { memoryBytes: row.memory_bytes ?? 0, diskBytes: row.disk_bytes ?? 0, startedAt: row.started_at }

function rowFrom(node: Node) {
  return {
    id: node.id,
    instance_id: node.instanceId,
    environment_id: node.environmentId,
    kafka_id: node.kafkaId,
    roles: JSON.stringify(node.roles),
    zone: node.zone,
    subnet: node.subnet,
    address: node.address,
    port: node.port,
    controller_port: node.controllerPort,
    directory_id: node.directoryId,
    internal_port: node.internalPort,
    version: node.version,
    target_version: node.targetVersion,
    intent: node.intent,
    health: node.health,
    health_reason: node.healthReason,
    memory_bytes: node.usage?.memoryBytes ?? null,
    disk_bytes: node.usage?.diskBytes ?? null,
    started_at: node.usage?.startedAt ?? null,
    silent_since: node.silentSince,
    drift: node.drift,
    observed_at: node.observedAt,
  }
}
