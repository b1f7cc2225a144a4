import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Engine } from '../../src/engine/engine.ts'
import { startWorker } from '../../src/engine/worker.ts'
import { makeHttpApp } from '../../src/http/app.ts'
import { serveHttp } from '../../src/http/server.ts'
import { readCatalogue } from '../../src/kafka/catalogue.ts'
import { registry } from '../../src/operations/registry.ts'
import { makeTopicCache } from '../../src/services/topics/topic-cache.ts'
import type { World } from '../../src/operations/world.ts'
import { makeSimulatedWorld, type SimulatedWorld } from '../../src/providers/simulated/simulated-world.ts'
import { startReconcilers } from '../../src/reconcilers/registry.ts'
import { ensureInitialMember } from '../../src/services/members/ensure-initial-member.ts'
import { claimEnvironment } from '../../src/store/environments.ts'
import { makeSecretBox } from '../../src/store/secret-box.ts'
import { password, user, type Millrace } from './browser.ts'
import { makeDatabase } from './database.ts'

/**
 * A whole Millrace for a browser, as `startMillrace` makes it, but in this process: its duties run and its clock is the real
 * one, and the simulated world is at hand, to kill a node while somebody looks.
 */
export type LivingMillrace = Millrace & { simulated: SimulatedWorld }

const checkout = join(import.meta.dirname, '../..')
const environmentId = 'env-living'
const random = (bytes: number) => randomBytes(bytes)
const now = () => new Date()

export async function startLivingMillrace(): Promise<LivingMillrace> {
  const stack = new AsyncDisposableStack()
  const { db, connection } = stack.use(await makeDatabase())
  await claimEnvironment(db, { id: environmentId, provider: 'simulated', providerRoot: null, now: now() })
  await ensureInitialMember(db, { environmentId, name: user, password, now: now(), random })

  const catalogue = readCatalogue(join(checkout, 'kafka-versions.json'))
  const simulated = makeSimulatedWorld({ now, catalogue })
  const world: World = { provider: simulated.provider, clusters: simulated.clusters, catalogue }
  const log = pino({ level: 'silent' })
  const engine: Engine<World> = {
    db,
    registry,
    world,
    owner: 'living',
    leaseMs: 10_000,
    now,
    chance: Math.random,
    log: { stepFailed() {}, leaseLost() {}, unexpected: (where, thrown) => console.error(where, thrown) },
  }
  const secrets = makeSecretBox([randomBytes(32)])
  const worker = await startWorker(engine, { connection })
  stack.defer(() => worker.stop())
  const duties = startReconcilers({ world, db, environmentId, secrets, now, random }, engine.log)
  stack.defer(() => duties.stop())
  const app = makeHttpApp({
    db,
    connection,
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
    log,
    version: catalogue.millrace,
    consoleDirectory: join(checkout, 'dist/console'),
    isWorking: () => true,
  })
  stack.defer(() => app.close())
  const server = await serveHttp(app, { host: '127.0.0.1', port: 0 })
  stack.defer(() => server.close())
  return { url: server.url, firstPassword: undefined, simulated, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}
