import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { homeHolder, readHomeId } from '../../src/machine/home-lock.ts'
import { isSameProcess, signalProcess } from '../../src/machine/process-identity.ts'
import { stopHome } from '../../src/providers/local/stop-home.ts'
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'

/** Ends all that runs on a home, Millrace first, and takes the home away. `mourn` runs this as a program of its own. */
const home = process.argv[2]!
const holder = await homeHolder(home)
if (holder && (await signalProcess(holder, 'SIGKILL'))) while (await isSameProcess(holder)) await sleep(10)
await stopHome({ home, homeId: await readHomeId(home), graceMs: 0 })
if (existsSync(join(home, 'postgres/data/postmaster.pid'))) {
  const postgres = await startEmbeddedPostgres({ home, log: { info() {} } })
  await postgres.stop()
}
await rm(home, { recursive: true })
