import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { stopHome } from '../../src/providers/local/stop-home.ts'
import { eventually, makeRealHome } from './real-home.ts'
import type { RealHome } from './real-home.ts'

let home: RealHome
before(async () => {
  home = await makeRealHome()
  await home.ready()
})
after(() => home.cleanUp())

test('stops every node of a home, a hung one by force, and touches no other home', async () => {
  const other = await makeRealHome()
  try {
    await other.ready()
    const [kept] = await other.specsFor(1)
    await other.provider.ensureNode(kept!, { epoch: 1 })
    const [calm] = await home.specsFor(1)
    await home.provider.ensureNode(calm!, { epoch: 1 })
    const [hung] = await home.specsFor(1)
    await home.provider.ensureNode(hung!, { epoch: 1 })
    const [hungPid] = await home.pidsOf(hung!)
    await hang(hungPid!)

    const stopped = await stopHome({ home: home.home, homeId: home.homeId, graceMs: 3_000 })
    assert.deepEqual(
      new Set(stopped.map(({ instanceId }) => instanceId)),
      new Set([calm!.instanceId, hung!.instanceId]),
    )
    assert.equal(stopped.find(({ pid }) => pid === hungPid)!.wasForced, true)
    assert.deepEqual([...(await home.pidsOf(calm!)), ...(await home.pidsOf(hung!))], [])
    assert.equal((await other.pidsOf(kept!)).length, 1)
    assert.equal((await home.provider.inspectNodes(calm!.instanceId))[0]!.reason, 'It was asked to stop.')
  } finally {
    await other.cleanUp()
  }
})

test('has nothing to stop the second time', async () => {
  assert.deepEqual(await stopHome({ home: home.home, homeId: home.homeId, graceMs: 3_000 }), [])
})

/** Until every thread has stopped: one that still runs would take a signal that ends a Java which is hardly there yet. */
async function hang(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  const threads = `/proc/${pid}/task`
  await eventually(5_000, async () => {
    const states = (await readdir(threads)).map(
      async (id) => /\) (\w)/.exec(await readFile(`${threads}/${id}/stat`, 'utf8'))![1],
    )
    const running = (await Promise.all(states)).filter((state) => state !== 'T')
    return running.length === 0 || `${running.length} threads still run`
  })
}
