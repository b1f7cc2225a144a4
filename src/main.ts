import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { pino, type Logger } from 'pino'
import type pg from 'pg'
import { parseConfig, secretVariables, type Config } from './config.ts'
import { AppError, explainCause } from './domain/errors.ts'
import { recommendedVersion, type VersionCatalogue } from './domain/version.ts'
import type { Engine, EngineLog } from './engine/engine.ts'
import { startWorker } from './engine/worker.ts'
import { listenHttp } from './http/server.ts'
import { makeStartingApp } from './http/starting.ts'
import { readCatalogue } from './kafka/catalogue.ts'
import { ensureDistribution } from './kafka/distribution.ts'
import { makeLazyKafkaClusters } from './kafka/lazy-clusters.ts'
import { makeLazyKafkaResources } from './kafka/lazy-resources.ts'
import type { KafkaResources } from './kafka/resources.ts'
import { lockHome, readHomeId } from './machine/home-lock.ts'
import { readSecretKeys } from './machine/secret-keys.ts'
import { nodeSpecFor } from './operations/node-spec.ts'
import { registry } from './operations/registry.ts'
import type { World } from './operations/world.ts'
import { makeLocalProvider } from './providers/local/local-provider.ts'
import { makeSimulatedWorld } from './providers/simulated/simulated-world.ts'
import { startReconcilers } from './reconcilers/registry.ts'
import { ensureInitialMember } from './services/members/ensure-initial-member.ts'
import { makeKeyring } from './services/security/keyring.ts'
import { ensureInitialAccount } from './services/service-accounts/ensure-initial-account.ts'
import { makeTopicCache } from './services/topics/topic-cache.ts'
import { leastPostgres, migrateToLatest, openDatabase, postgresVersion, type Database } from './store/database.ts'
import { startEmbeddedPostgres } from './store/embedded-postgres.ts'
import { claimEnvironment } from './store/environments.ts'
import { listInstancesInState } from './store/instances.ts'
import { listNodesOf } from './store/nodes.ts'
import { checkSecretKey } from './store/secret-check.ts'
import { makeSecretBox, type SecretBox } from './store/secret-box.ts'

/** The composition root: builds the concrete things, hands them in, and takes them down in the opposite order. */
const checkout = join(import.meta.dirname, '..')
const leaseMs = 10_000
const random = (bytes: number) => randomBytes(bytes)
const now = () => new Date()

/** What to undo at the end, last first. */
const closers: (() => Promise<unknown>)[] = []

async function start(): Promise<void> {
  const config = parseConfig(process.env, checkout)
  for (const name of secretVariables) delete process.env[name]
  const log = pino({ level: config.logLevel })
  const server = await listenHttp(config, makeStartingApp(config).fetch)
  const lock = await lockHome(config.home)
  closers.push(() => lock.release())

  // Its code is read while the database starts.
  if (config.provider === 'local') void import('./kafka/admin-client.ts')
  const catalogue = readCatalogue(join(checkout, 'kafka-versions.json'))
  const connection = await connectionFor(config, log)
  const db = await openStore(connection)
  const secrets = makeSecretBox(await readSecretKeys(config.home, config.secretKey))
  const world = await buildWorld(config, { db, catalogue, log, secrets })
  // Before anything that seals or opens: with the wrong key, nothing starts.
  await checkSecretKey(db, config.environmentId, secrets)

  const { environmentId } = config
  const engine: Engine<World> = {
    db,
    registry,
    world,
    owner: lock.homeId,
    leaseMs,
    now,
    chance: Math.random,
    log: engineLog(log),
  }
  const worker = await startWorker(engine, { connection })
  closers.push(() => worker.stop())
  const duties = startReconcilers({ world, db, environmentId, secrets, now, random }, engine.log)
  closers.push(() => duties.stop())

  // Work that was cut off is taken up before the code of the routes is read, a third of a start.
  const { makeHttpApp } = await import('./http/app.ts')
  await ensureInitialAccount({ db, environmentId, secrets, now, random }, config.initialKeyPair)
  const { initialUser: name, initialPassword: password } = config
  const shownOnce = await ensureInitialMember(db, { environmentId, name, password, now: now(), random })
  const app = makeHttpApp({
    db,
    connection,
    environmentId,
    providerKind: world.provider.kind,
    describeEnvironment: () => world.provider.describeEnvironment(),
    inspectNodes: (id) => world.provider.inspectNodes(id),
    renewVerifiers: (id) => world.provider.renewVerifiers(id),
    catalogue,
    clusters: world.clusters,
    resources: world.resources,
    topicCache: makeTopicCache({ now }),
    secrets,
    registry,
    now,
    random,
    log,
    version: catalogue.millrace,
    consoleDirectory: join(checkout, 'dist/console'),
    isWorking: () => !stopping,
  })
  closers.push(() => app.close())
  server.serve(app)
  closers.push(() => server.close())
  announce(server.url, name, shownOnce)
}

async function connectionFor(config: Config, log: Logger): Promise<pg.PoolConfig> {
  if (config.databaseUrl) return { connectionString: config.databaseUrl }
  const postgres = await startEmbeddedPostgres({ home: config.home, log: { info: (words) => log.debug(words) } })
  closers.push(() => postgres.stop())
  return postgres.connection
}

async function openStore(connection: pg.PoolConfig): Promise<Database> {
  const db = openDatabase(connection)
  closers.push(() => db.destroy())
  const version = await postgresVersion(db).catch((cause: unknown) => {
    throw new Error('The database of DATABASE_URL does not answer', { cause })
  })
  if (version < leastPostgres) {
    throw new Error(`DATABASE_URL points to PostgreSQL ${version}; Millrace needs ${leastPostgres} or later.`)
  }
  await migrateToLatest(db)
  return db
}

type Ground = { db: Database; catalogue: VersionCatalogue; log: Logger; secrets: SecretBox }

/** With what only people ask of it. */
type WholeWorld = World & { resources: KafkaResources }

async function buildWorld(config: Config, ground: Ground): Promise<WholeWorld> {
  return config.provider === 'local' ? await localWorld(config, ground) : await simulatedWorld(config, ground)
}

/** Nodes are processes of this machine, below the home of the process that first served the environment. */
async function localWorld(config: Config, { db, catalogue, log, secrets }: Ground): Promise<WholeWorld> {
  const providerRoot = JSON.stringify({ machine: hostname(), home: config.home })
  const claim = await claimEnvironment(db, { id: config.environmentId, provider: 'local', providerRoot, now: now() })
  const root = JSON.parse(claim.providerRoot ?? providerRoot) as { machine: string; home: string }
  if (root.machine !== hostname()) {
    throw new Error(`The nodes of ${config.environmentId} are on the machine ${root.machine}: start Millrace there.`)
  }
  const { version } = recommendedVersion(catalogue)
  const distribution = { home: root.home, catalogue, distributionDirectory: config.kafkaDirectory }
  // A distribution of the team's own is there already, whatever version it is.
  if (!config.kafkaDirectory) {
    await ensureDistribution({ ...distribution, version, onProgress: (words) => console.log(words) })
  }
  const keyring = makeKeyring({ db, secrets, now })
  const provider = makeLocalProvider({ ...distribution, homeId: await readHomeId(root.home), log, keyring })
  return { provider, clusters: makeLazyKafkaClusters(keyring), resources: makeLazyKafkaResources(keyring), catalogue }
}

/** Nodes are objects in this process; after a restart those in the database run again. */
async function simulatedWorld(config: Config, { db, catalogue }: Ground): Promise<WholeWorld> {
  const { environmentId } = config
  await claimEnvironment(db, { id: environmentId, provider: 'simulated', providerRoot: null, now: now() })
  const simulated = makeSimulatedWorld({ now, catalogue })
  const instances = await listInstancesInState(db, environmentId, { states: ['Running', 'Changing', 'Error'] })
  const nodes = Map.groupBy(
    await listNodesOf(
      db,
      instances.map(({ id }) => id),
    ),
    (node) => node.instanceId,
  )
  for (const instance of instances) {
    const own = nodes.get(instance.id) ?? []
    simulated.adopt(own.map((node) => nodeSpecFor(node, { instance, nodes: own, heapMiB: 256 })))
  }
  const { provider, clusters, resources } = simulated
  return { provider, clusters, resources, catalogue }
}

function engineLog(log: Logger): EngineLog {
  return {
    stepFailed: (operationId, step, error) =>
      log.warn({ operationId, step, cause: explainCause(error) }, 'step failed'),
    leaseLost: (operationId, step) => log.warn({ operationId, step }, 'lease lost to another worker'),
    unexpected: (where, thrown) => log.error({ where, cause: explainCause(thrown) }, 'unexpected failure'),
  }
}

function announce(url: string, user: string, password: string | undefined): void {
  console.log(`\nMillrace is ready: ${url}`)
  if (password)
    console.log(`Sign in as ${user} with the password ${password} (shown this once; you will choose your own).`)
  console.log('Ctrl-C stops Millrace; Kafka nodes go on. "npm run stop" stops the nodes.\n')
}

let stopping: Promise<void> | undefined

/** Also when the start fails half-way: whatever was opened is closed. */
function stop(): Promise<void> {
  stopping ??= (async () => {
    for (const close of closers.toReversed())
      await close().catch((thrown: unknown) => console.error(explainCause(thrown)))
  })()
  return stopping
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void stop().then(() => process.exit(0)))

start().catch(async (thrown: unknown) => {
  console.error(`Millrace did not start. ${thrown instanceof AppError ? thrown.message : explainCause(thrown)}`)
  await stop()
  process.exit(1)
})
