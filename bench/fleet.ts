import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { firstStanding } from '../src/domain/authority-standing.ts'
import { instanceIdFrom, kafkaUuidFrom, nodeIdFrom } from '../src/domain/id.ts'
import type { Instance } from '../src/domain/instance.ts'
import type { Node } from '../src/domain/node.ts'
import { slotAt } from '../src/domain/placement.ts'
import { makeSimulatedWorld } from '../src/providers/simulated/simulated-world.ts'
import { migrateToLatest, openDatabase } from '../src/store/database.ts'
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts'
import { claimEnvironment } from '../src/store/environments.ts'
import { insertInstance } from '../src/store/instances.ts'
import { insertNodes } from '../src/store/nodes.ts'
import { catalogue } from '../test/harness/world.ts'

/** Writes Running Instances of three simulated nodes each into a new home, before its Millrace starts. Their ids. */
export async function seedFleet(home: string, count: number): Promise<string[]> {
  const postgres = await startEmbeddedPostgres({ home, log: { info() {} } })
  const db = openDatabase(postgres.connection)
  try {
    await migrateToLatest(db)
    const now = new Date()
    await claimEnvironment(db, { id: environmentId, provider: 'simulated', providerRoot: null, now })
    const { subnets } = await makeSimulatedWorld({ now: () => now, catalogue }).provider.describeEnvironment()
    const fleet = Array.from({ length: count }, (_, index) => instanceAt(index, now))
    for (let from = 0; from < count; from += batch) {
      await db.transaction().execute(async (tx) => {
        const some = fleet.slice(from, from + batch)
        for (const instance of some) await insertInstance(tx, instance)
        const nodes = some.flatMap((instance, index) =>
          subnets.map(({ id, zone, slots }, place): Node => {
            return { ...nodeOf(instance, place + 1), ...slotAt(slots, from + index), zone, subnet: id }
          }),
        )
        await insertNodes(tx, nodes)
      })
    }
    // As of a fleet that grew: PostgreSQL by itself would look at these rows a minute from now.
    await sql`analyze`.execute(db)
    return fleet.map(({ id }) => id)
  } finally {
    await db.destroy()
    await postgres.stop()
  }
}

const environmentId = 'env-local'
const version = '4.3.1'
const batch = 500

function instanceAt(index: number, now: Date): Instance {
  const createdAt = new Date(now.getTime() - index * 60_000)
  return {
    id: instanceIdFrom(randomBytes(16)),
    environmentId,
    name: `fleet-${String(index).padStart(5, '0')}-${randomBytes(3).toString('hex')}`,
    description: `Instance ${index} of a seeded fleet`,
    state: 'Running',
    stateReason: null,
    stateSince: createdAt,
    version,
    targetVersion: version,
    before: null,
    downSince: null,
    canaryProblem: null,
    clusterId: kafkaUuidFrom(randomBytes(16)),
    spec: { reservedAku: 3 + (index % 4), networks: ['sim-a', 'sim-b', 'sim-c'].map((zone) => ({ zone })) },
    features: {},
    authority: firstStanding,
    tags: [],
    nodeCount: 3,
    health: 'healthy',
    healthReason: null,
    statistics: null,
    observedAt: now,
    createdAt,
    updatedAt: createdAt,
    deletedAt: null,
  }
}

function nodeOf(
  { id, createdAt }: Instance,
  kafkaId: number,
): Omit<Node, 'zone' | 'subnet' | 'address' | 'port' | 'controllerPort'> {
  return {
    id: nodeIdFrom(randomBytes(16)),
    instanceId: id,
    environmentId,
    kafkaId,
    roles: ['broker', 'controller'],
    internalPort: null,
    directoryId: kafkaUuidFrom(randomBytes(16)),
    version,
    targetVersion: version,
    intent: 'stay',
    health: 'running',
    healthReason: null,
    silentSince: null,
    drift: null,
    usage: null,
    observedAt: createdAt,
  }
}
