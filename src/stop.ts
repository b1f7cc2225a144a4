import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseConfig } from './config.ts'
import { lockHome } from './machine/home-lock.ts'
import { stopHome } from './providers/local/stop-home.ts'
import { startEmbeddedPostgres } from './store/embedded-postgres.ts'

/**
 * `npm run stop`: ends the Kafka nodes of this home, and its database where a killed Millrace left it running. Data stays;
 * the next start brings the nodes back. Refused while Millrace runs on the home: it would start them again.
 */
const stopGraceMs = 20_000

async function stop(): Promise<void> {
  const { home } = parseConfig(process.env, join(import.meta.dirname, '..'))
  if (!existsSync(home)) return console.log(`There is nothing at ${home}.`)
  const lock = await lockHome(home)
  try {
    await stopNodes(home, lock.homeId)
    await stopDatabase(home)
  } finally {
    await lock.release()
  }
}

async function stopNodes(home: string, homeId: string): Promise<void> {
  const stopped = await stopHome({ home, homeId, graceMs: stopGraceMs })
  for (const { instanceId, kafkaId, pid, wasForced } of stopped) {
    console.log(`Stopped node ${kafkaId} of ${instanceId} (process ${pid})${wasForced ? ', by force' : ''}.`)
  }
  console.log(
    stopped.length === 0 ? 'No node of this home was running.' : 'Their data stays; "npm start" brings them back.',
  )
}

async function stopDatabase(home: string): Promise<void> {
  if (!existsSync(join(home, 'postgres', 'data', 'postmaster.pid'))) return
  const postgres = await startEmbeddedPostgres({ home, log: { info: () => {} } })
  await postgres.stop()
  console.log('Stopped the embedded PostgreSQL.')
}

stop().catch((thrown: unknown) => {
  console.error(thrown instanceof Error ? thrown.message : String(thrown))
  process.exitCode = 1
})
