import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { changeKindOf, ChangeOptions, type ChangeWish } from '../../src/domain/change.ts'
import type { Environment } from '../../src/domain/environment.ts'
import type { InstanceId, OperationId } from '../../src/domain/id.ts'
import type { InstanceFeatures } from '../../src/domain/instance.ts'
import type { OperationAction } from '../../src/domain/operation.ts'
import type { Actor } from '../../src/domain/permission.ts'
import { controlOperation } from '../../src/engine/control-operation.ts'
import { startOperation } from '../../src/engine/start-operation.ts'
import { readCatalogue } from '../../src/kafka/catalogue.ts'
import { changeDefinitions } from '../../src/operations/change/change-instance.ts'
import { createInstance } from '../../src/operations/create-instance.ts'
import { deleteInstance } from '../../src/operations/delete-instance.ts'
import { healInstance } from '../../src/operations/heal-instance.ts'
import { registry } from '../../src/operations/registry.ts'
import type { World } from '../../src/operations/world.ts'
import type { NodeChange } from '../../src/providers/simulated/simulated-provider.ts'
import { makeSimulatedWorld, type SimulatedWorld } from '../../src/providers/simulated/simulated-world.ts'
import type { Database } from '../../src/store/database.ts'
import { claimEnvironment } from '../../src/store/environments.ts'
import { getInstance } from '../../src/store/instances.ts'

/**
 * A stage for Operations without HTTP: an environment of its own in a database that several stages may share one after the
 * other, a simulated world, and a clock that moves only when told to. People act on it by the verbs; workers are made by
 * `makeWorker`.
 */
export type Stage = {
  db: Database
  environmentId: string
  world: World
  simulated: SimulatedWorld
  /** Everything ever done to a node here, in order. */
  ledger: NodeChange[]
  now(): Date
  pass(ms: number): void
  create(more?: { version?: string; features?: InstanceFeatures }): Promise<OperationId>
  delete(instanceId: InstanceId): Promise<OperationId>
  heal(instanceId: InstanceId): Promise<OperationId>
  change(instanceId: InstanceId, wish: ChangeWish, options?: Partial<ChangeOptions>): Promise<OperationId>
  control(operationId: OperationId, action: OperationAction): Promise<void>
  /** The word that an upgrade waits for. */
  makeFinal(operationId: OperationId): Promise<void>
}

export const catalogue = readCatalogue(join(import.meta.dirname, '../../kafka-versions.json'))
const random = (bytes: number) => randomBytes(bytes)
const actor: Actor = { name: 'tester', role: 'administrator', source: null }

export async function makeStage(db: Database): Promise<Stage> {
  await endWhatOthersLeft(db)
  let time = Date.parse('2026-01-01T00:00:00Z')
  const now = () => new Date(time)
  const pass = (ms: number) => void (time += ms)
  const ledger: NodeChange[] = []
  const simulated = makeSimulatedWorld({
    now,
    catalogue,
    startMs: 100,
    stopMs: 100,
    fetchMs: 100,
    sleep: async (ms) => pass(ms),
    onChange: (change) => ledger.push(change),
  })
  const environmentId = `env-${randomBytes(6).toString('hex')}`
  await claimEnvironment(db, { id: environmentId, provider: 'simulated', providerRoot: null, now: now() })
  const world = { provider: simulated.provider, clusters: simulated.clusters, catalogue }
  return { db, environmentId, world, simulated, ledger, now, pass, ...verbs({ db, environmentId, simulated, now }) }
}

/** A test that failed may have left an Operation open; workers do not ask whose it is. */
async function endWhatOthersLeft(db: Database): Promise<void> {
  await db
    .updateTable('operations')
    .set({ outcome: 'cancelled' })
    .where('outcome', 'in', ['active', 'failed'])
    .execute()
}

type Ground = Pick<Stage, 'db' | 'environmentId' | 'simulated' | 'now'>

function verbs({
  db,
  environmentId,
  simulated,
  now,
}: Ground): Pick<Stage, 'create' | 'delete' | 'heal' | 'change' | 'control' | 'makeFinal'> {
  const about = () => ({ environmentId, actor, now: now(), random })
  return {
    async create(more = {}) {
      const environment = await simulated.provider.describeEnvironment()
      const request = {
        ...about(),
        input: { ...threeNodes(environment), ...more },
        context: { environment, catalogue },
      }
      return (await db.transaction().execute((tx) => startOperation(tx, createInstance, request))).id
    },
    async delete(instanceId) {
      const request = { ...about(), instanceId, input: {}, context: {} }
      return (await db.transaction().execute((tx) => startOperation(tx, deleteInstance, request))).id
    },
    async heal(instanceId) {
      const request = { ...about(), instanceId, input: {}, context: {} }
      return (await db.transaction().execute((tx) => startOperation(tx, healInstance, request))).id
    },
    async change(instanceId, wish, options = {}) {
      const environment = await simulated.provider.describeEnvironment()
      const input = { wish, options: ChangeOptions.parse({ soakSeconds: 0, ...options }) }
      const kind = changeKindOf(await getInstance(db, instanceId), wish)
      const definition = changeDefinitions[kind ?? 'change-instance']
      const request = { ...about(), instanceId, input, context: { environment, catalogue } }
      return (await db.transaction().execute((tx) => startOperation(tx, definition, request))).id
    },
    async control(operationId, action) {
      const request = { operationId, action, actor, now: now(), registry }
      await db.transaction().execute((tx) => controlOperation(tx, request))
    },
    async makeFinal(operationId) {
      const request = { operationId, action: 'resume', isConfirmed: true, actor, now: now(), registry } as const
      await db.transaction().execute((tx) => controlOperation(tx, request))
    },
  }
}

/** The least Instance: three nodes, one in each zone. */
export const threeNodes = ({ subnets }: Environment) => ({
  name: `test-${randomBytes(6).toString('hex')}`,
  version: '4.3.1',
  spec: { reservedAku: 3, networks: subnets.map(({ id, zone }) => ({ zone, subnet: id })) },
})
