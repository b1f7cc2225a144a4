import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findVersion } from '../../src/domain/version.ts'
import { ensureClassArchive } from '../../src/kafka/class-archive.ts'
import { ensureDistribution } from '../../src/kafka/distribution.ts'
import type { ArchiveRequest } from '../../src/kafka/class-archive.ts'
import { eventually, makeRealHome } from './real-home.ts'
import type { RealHome } from './real-home.ts'

describe('a class archive', () => {
  let home: RealHome
  let folder: string
  let request: ArchiveRequest
  before(async () => {
    home = await makeRealHome()
    folder = await mkdtemp(join(tmpdir(), 'millrace-archive-test-'))
    const { version, catalogue } = home
    const distribution = await ensureDistribution({ home: home.home, version, catalogue })
    const { features } = findVersion(catalogue, version)!
    request = { archive: join(folder, 'classes.jsa'), distribution, features: features! }
  })
  after(async () => {
    await rm(folder, { recursive: true, force: true })
    await home.cleanUp()
  })

  test('is recorded from a node that is gone afterwards', async () => {
    await ensureClassArchive(request)
    assert.ok((await stat(request.archive)).size > 10 * 1024 * 1024)
    assert.deepEqual(await readdir(folder), ['classes.jsa'])
    assert.deepEqual(await processesWith(request.archive), [])
  })

  test('leaves neither node nor folder behind when Millrace is killed while it is recorded', async () => {
    const archive = join(folder, 'killed.jsa')
    const program = `import { ensureClassArchive } from ${JSON.stringify(import.meta.resolve('../../src/kafka/class-archive.ts'))}
      await ensureClassArchive(${JSON.stringify({ ...request, archive })})`
    const other = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
    const ended = once(other, 'exit')
    await eventually(30_000, async () => (await processesWith(archive)).length > 0 || 'no node yet')
    other.kill('SIGKILL')
    await ended
    await eventually(30_000, async () => (await processesWith(archive)).length === 0 || 'the node still lives')
    await eventually(
      30_000,
      async () => (await readdir(folder)).every((name) => name === 'classes.jsa') || 'files are left',
    )
  })
})

/** Pids of Kafka processes whose command line names the path. */
async function processesWith(path: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, index) => lines[index]!.includes(path) && lines[index]!.includes('kafka.Kafka'))
}
