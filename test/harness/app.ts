import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pino } from 'pino'
import { memberIdFrom } from '../../src/domain/id.ts'
import type { Role } from '../../src/domain/permission.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { runOperation } from '../../src/engine/worker.ts'
import { makeHttpApp, type HttpApp } from '../../src/http/app.ts'
import type { HttpWorld } from '../../src/http/world.ts'
import { readCatalogue } from '../../src/kafka/catalogue.ts'
import { registry } from '../../src/operations/registry.ts'
import type { World } from '../../src/operations/world.ts'
import { makeSimulatedWorld, type SimulatedWorld } from '../../src/providers/simulated/simulated-world.ts'
import { hashPassword } from '../../src/services/members/password.ts'
import { makeTopicCache } from '../../src/services/topics/topic-cache.ts'
import { claimEnvironment } from '../../src/store/environments.ts'
import { insertMember } from '../../src/store/members.ts'
import { claimDueOperations, nextDueAt } from '../../src/store/operation-leases.ts'
import { makeSecretBox } from '../../src/store/secret-box.ts'
import { makeClient, type Client } from './client.ts'
import { makeDatabase, type TestDatabase } from './database.ts'

/**
 * A whole Millrace in this process: real HTTP, real database, simulated nodes, and a clock that moves only when told to.
 * Nothing works by itself: `work` runs what is due now, `settle` lets time pass until no Operation is under way.
 */
export type TestApp = {
  http: HttpApp
  database: TestDatabase
  simulated: SimulatedWorld
  now(): Date
  pass(seconds: number): void
  /** A member of this role, signed in. */
  signIn(role?: Role): Promise<Client>
  /** Nobody. */
  anonymous: Client
  work(): Promise<void>
  settle(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const checkout = join(import.meta.dirname, '../..')
export const environmentId = 'env-test'
export const password = 'Water-wheel-7'
const random = (bytes: number) => randomBytes(bytes)

export const secrets = makeSecretBox([randomBytes(32)])

/** Kept for the whole file: deriving a key is dear on purpose. */
let passwordHash: Promise<string> | undefined

/** What a test may have otherwise. */
export type TestAppOptions = Partial<Pick<HttpWorld, 'consoleDirectory' | 'isWorking' | 'describeEnvironment' | 'db'>>

export async function makeApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = await makeDatabase()
  const { db } = database
  let time = Date.parse('2026-01-01T00:00:00Z')
  const now = () => new Date(time)
  await claimEnvironment(db, { id: environmentId, provider: 'simulated', providerRoot: null, now: now() })

  const catalogue = readCatalogue(join(checkout, 'kafka-versions.json'))
  const simulated = makeSimulatedWorld({ now, catalogue, sleep: async () => {} })
  const world: World = { provider: simulated.provider, clusters: simulated.clusters, catalogue }
  const http = makeHttpApp({
    db,
    connection: database.connection,
    environmentId,
    providerKind: 'simulated',
    describeEnvironment: simulated.provider.describeEnvironment,
    inspectNodes: simulated.provider.inspectNodes,
    renewVerifiers: simulated.provider.renewVerifiers,
    catalogue,
    clusters: simulated.clusters,
    resources: simulated.resources,
    topicCache: makeTopicCache({ now }),
    secrets,
    registry,
    now,
    random,
    log: pino({ level: 'silent' }),
    version: '0.1.0',
    consoleDirectory: join(checkout, 'test/harness/no-console'),
    isWorking: () => true,
    ...options,
  })
  const engine = makeEngine(database, world, now)
  const pass = (seconds: number) => void (time += seconds * 1000)
  return {
    http,
    database,
    simulated,
    now,
    pass,
    anonymous: makeClient(http),
    signIn: (role = 'administrator') => signIn({ http, database, now }, role),
    work: () => work(engine),
    settle: () => settle(engine, pass),
    async [Symbol.asyncDispose]() {
      await http.close()
      await database[Symbol.asyncDispose]()
    },
  }
}

const makeEngine = ({ db }: TestDatabase, world: World, now: () => Date): Engine<World> => ({
  db,
  registry,
  world,
  owner: 'test',
  leaseMs: 10_000,
  now,
  chance: () => 0,
  log: { stepFailed() {}, leaseLost() {}, unexpected: (where, thrown) => console.error(where, thrown) },
})

async function signIn(
  { http, database, now }: Pick<TestApp, 'http' | 'database' | 'now'>,
  role: Role,
): Promise<Client> {
  passwordHash ??= hashPassword(password)
  const member = {
    id: memberIdFrom(random(16)),
    name: role,
    passwordHash: await passwordHash,
    role,
    mustChangePassword: false,
    createdAt: now(),
    passwordUntil: null,
  }
  await insertMember(database.db, member)
  const { headers } = await makeClient(http).post('/sessions', { user: role, password })
  return makeClient(http, { cookie: headers.get('set-cookie')!.split(';')[0]! })
}

/** Runs what is due now, until nothing is. */
async function work(engine: Engine<World>): Promise<void> {
  const { db, owner, leaseMs, now } = engine
  for (;;) {
    const leases = await claimDueOperations(db, { owner, now: now(), leaseMs, limit: 100 })
    if (leases.length === 0) return
    await Promise.all(leases.map((lease) => runOperation(engine, lease)))
  }
}

/** Longer than any test lets an Operation run: one that goes on for ever fails here instead of hanging. */
const mostTurns = 500

async function settle(engine: Engine<World>, pass: (seconds: number) => void): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn++) {
    await work(engine)
    const due = await nextDueAt(engine.db)
    if (!due) return
    pass(Math.max(0.001, (due.getTime() - engine.now().getTime()) / 1000))
  }
  throw new Error(`an Operation is still under way after ${mostTurns} turns`)
}
