import { randomBytes } from 'node:crypto'
import { firstStanding } from '../../src/domain/authority-standing.ts'
import { instanceIdFrom, kafkaUuidFrom, nodeIdFrom, operationIdFrom } from '../../src/domain/id.ts'
import type { Instance } from '../../src/domain/instance.ts'
import type { Node } from '../../src/domain/node.ts'
import { newOperation, type Operation } from '../../src/domain/operation.ts'
import type { Database } from '../../src/store/database.ts'
import { claimEnvironment } from '../../src/store/environments.ts'
import { insertInstance } from '../../src/store/instances.ts'
import { insertNodes } from '../../src/store/nodes.ts'
import { insertOperation } from '../../src/store/operations.ts'
import { insertStep } from '../../src/store/steps.ts'
import { makeDatabase, type TestDatabase } from './database.ts'

/** Rows for tests of queries: complete and plausible, with what the test is about laid over. */
export const environmentId = 'env-test'

/** The moment at which tests of queries begin; whole seconds later are `second(n)`. */
export const start = new Date('2026-01-01T00:00:00Z')
export const second = (count: number) => new Date(start.getTime() + count * 1000)

/** An empty database with an environment in it. */
export async function makeStore(): Promise<TestDatabase> {
  const database = await makeDatabase()
  await claimEnvironment(database.db, { id: environmentId, provider: 'simulated', providerRoot: null, now: start })
  return database
}

export const anInstance = (more: Partial<Instance> = {}): Instance => ({
  id: instanceIdFrom(randomBytes(16)),
  environmentId,
  name: `orders-${randomBytes(4).toString('hex')}`,
  description: null,
  state: 'Running',
  stateReason: null,
  stateSince: start,
  version: '4.3.1',
  targetVersion: '4.3.1',
  before: null,
  clusterId: kafkaUuidFrom(randomBytes(16)),
  spec: { reservedAku: 3, networks: [{ zone: 'a' }] },
  features: {},
  authority: firstStanding,
  tags: [],
  nodeCount: 3,
  health: 'healthy',
  healthReason: null,
  downSince: null,
  canaryProblem: null,
  statistics: null,
  observedAt: null,
  createdAt: start,
  updatedAt: start,
  deletedAt: null,
  ...more,
})

export const aNode = (instance: Pick<Instance, 'id'>, kafkaId: number, more: Partial<Node> = {}): Node => ({
  id: nodeIdFrom(randomBytes(16)),
  instanceId: instance.id,
  environmentId,
  kafkaId,
  roles: ['broker', 'controller'],
  zone: 'a',
  subnet: 'subnet-a',
  address: `10.1.0.${kafkaId}`,
  port: 9092,
  controllerPort: 9093,
  internalPort: null,
  directoryId: kafkaUuidFrom(randomBytes(16)),
  version: '4.3.1',
  targetVersion: '4.3.1',
  intent: 'stay',
  health: 'running',
  healthReason: null,
  usage: null,
  silentSince: null,
  drift: null,
  observedAt: null,
  ...more,
})

export const anOperation = (instance: Pick<Instance, 'id'>, more: Partial<Operation> = {}): Operation => ({
  ...newOperation({
    id: operationIdFrom(randomBytes(16)),
    environmentId,
    instanceId: instance.id,
    kind: 'create-instance',
    step: 'ensure-nodes',
    input: {},
    actor: 'admin',
    givesWay: false,
    deadlineAt: null,
    createdAt: start,
  }),
  ...more,
})

export async function addInstance(db: Database, more: Partial<Instance> = {}): Promise<Instance> {
  const instance = anInstance(more)
  await db.transaction().execute((tx) => insertInstance(tx, instance))
  return instance
}

export async function addNodes(db: Database, nodes: Node[]): Promise<void> {
  await db.transaction().execute((tx) => insertNodes(tx, nodes))
}

/** An Operation with the visit to its first step open, on an Instance of its own unless one is given. */
export async function addOperation(db: Database, more: Partial<Operation> = {}): Promise<Operation> {
  const id = more.instanceId ?? (await addInstance(db)).id
  const operation = anOperation({ id }, more)
  await db.transaction().execute(async (tx) => {
    await insertOperation(tx, operation)
    await insertStep(tx, operation.id, { name: operation.step, now: operation.createdAt })
  })
  return operation
}
