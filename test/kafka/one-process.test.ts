import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { makeKafkaClusters } from '../../src/kafka/admin-client.ts'
import { nodeFolder } from '../../src/providers/local/node-folder.ts'
import { readRecord, writeRecord } from '../../src/providers/local/node-record.ts'
import type { NodeSpec } from '../../src/providers/provider.ts'
import { brokersOf, eventually, makeRealHome } from './real-home.ts'
import type { RealHome } from './real-home.ts'

/** A node is one process, whoever makes it and whenever its maker dies. */
describe('one process for a node', () => {
  let home: RealHome
  before(async () => {
    home = await makeRealHome()
    await home.ready()
  })
  after(() => home.cleanUp())

  const placeOf = ({ instanceId, kafkaId }: NodeSpec) => ({ home: home.home, instanceId, kafkaId })
  const otherMillrace = (spec: NodeSpec) => startOther({ home: home.home, homeId: home.homeId, spec })
  const serves = (spec: NodeSpec) => eventually(30_000, () => answers(spec))

  test('when Millrace died between starting it and writing it down', async () => {
    const [spec] = await home.specsFor(1)
    await home.provider.ensureNode(spec!, { epoch: 1 })
    const pids = await home.pidsOf(spec!)
    const record = await readRecord(placeOf(spec!))
    await writeRecord(placeOf(spec!), { ...record!, process: null })
    const [seen] = await home.open().inspectNodes(spec!.instanceId)
    assert.equal(seen!.process, 'running')
    await home.open().ensureNode(spec!, { epoch: 1 })
    assert.deepEqual(await home.pidsOf(spec!), pids)
    assert.equal((await readRecord(placeOf(spec!)))!.process!.pid, pids[0])
  })

  for (const afterMs of [0, 20, 40, 80]) {
    test(`when Millrace is killed ${afterMs} ms into making it`, async () => {
      const [spec] = await home.specsFor(1)
      const other = await otherMillrace(spec!)
      const closed = once(other, 'close')
      other.stdin.write('go\n')
      await delay(afterMs)
      other.kill('SIGKILL')
      await closed
      const made = await home.pidsOf(spec!)
      await home.provider.ensureNode(spec!, { epoch: 1 })
      const pids = await home.pidsOf(spec!)
      assert.equal(pids.length, 1)
      if (made.length > 0) assert.deepEqual(pids, made)
      await serves(spec!)
      await removed(home, spec!)
    })
  }

  test('when two Millrace processes make it at the same moment', async () => {
    const [spec] = await home.specsFor(1)
    const others = await Promise.all([otherMillrace(spec!), otherMillrace(spec!), otherMillrace(spec!)])
    for (const other of others) other.stdin.write('go\n')
    await Promise.all(others.map((other) => once(other, 'close')))
    assert.deepEqual(
      others.map(({ exitCode }) => exitCode),
      [0, 0, 0],
    )
    assert.equal((await home.pidsOf(spec!)).length, 1)
    await serves(spec!)
    await removed(home, spec!)
  })

  test('is found and removed when its folder was deleted by hand', async () => {
    const [spec] = await home.specsFor(1)
    await home.provider.ensureNode(spec!, { epoch: 1 })
    await rm(nodeFolder(placeOf(spec!)).root, { recursive: true, force: true })
    const [seen] = await home.provider.inspectNodes(spec!.instanceId)
    assert.equal(seen!.process, 'running')
    await removed(home, spec!)
    assert.deepEqual(await home.pidsOf(spec!), [])
  })

  test('names the program that holds its address, and offers that address to nobody', async () => {
    const [spec] = await home.specsFor(1)
    const squatter = createServer().listen(spec!.port, spec!.address)
    await once(squatter, 'listening')
    try {
      const { takenElsewhere } = await home.provider.describeEnvironment()
      assert.ok(takenElsewhere.includes(`${spec!.address}:${spec!.port}`))
      await home.provider.ensureNode(spec!, { epoch: 1 })
      const words = `Another program holds ${spec!.address}:${spec!.port}`
      await eventually(30_000, async () => {
        const [seen] = await home.provider.inspectNodes(spec!.instanceId)
        return seen!.process === 'stopped' ? seen!.reason!.includes(words) || assert.fail(seen!.reason!) : 'still runs'
      })
      await removed(home, spec!)
    } finally {
      squatter.close()
    }
  })
})

async function startOther(work: {
  home: string
  homeId: string
  spec: NodeSpec
}): Promise<ChildProcessWithoutNullStreams> {
  const program = join(import.meta.dirname, 'ensure-in-child.ts')
  const other = spawn(process.execPath, ['--no-warnings', program, JSON.stringify(work)], { stdio: 'pipe' })
  other.stderr.pipe(process.stderr)
  await once(other.stdout, 'data')
  return other
}

async function answers(spec: NodeSpec): Promise<string | true> {
  return makeKafkaClusters()
    .ping(brokersOf([spec])[0]!)
    .then(
      () => true as const,
      (error: unknown) => String(error),
    )
}

async function removed(home: RealHome, { instanceId, kafkaId }: NodeSpec): Promise<void> {
  await eventually(20_000, async () => {
    return (await home.provider.removeNode(instanceId, kafkaId, { epoch: 1 })).join('; ') || true
  })
}
