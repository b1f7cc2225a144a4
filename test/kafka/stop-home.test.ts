import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { stopHome } from '../../src/providers/local/stop-home.ts'
import { makeRealHome } from './real-home.ts'
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
    process.kill(hungPid!, 'SIGSTOP')

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
