import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Admin } from '@platformatic/kafka'
import { judgeHealth } from '../../src/domain/rolling.ts'
import { makeKafkaClusters } from '../../src/kafka/admin-client.ts'
import { faultsOf, startLedger } from '../harness/ledger/ledger.ts'
import { produce } from './kcat.ts'
import { brokersOf, eventually, makeRealHome, type RealHome } from './real-home.ts'

/** The proof that nothing was lost is worth what its bookkeeper is: it must tell when something was. */
describe('a ledger on a cluster of three real nodes', () => {
  let home: RealHome
  let servers = ''

  before(async () => {
    home = await makeRealHome()
    await home.ready()
    const specs = await home.specsFor(3)
    const brokers = brokersOf(specs)
    await Promise.all(specs.map((spec) => home.provider.ensureNode(spec, { epoch: 1 })))
    await eventually(60_000, async () => {
      const judgement = judgeHealth(await makeKafkaClusters().observe(brokers), { brokers: all, voters: all })
      return judgement.healthy || judgement.why
    })
    servers = brokers.map(({ host, port }) => `${host}:${port}`).join(',')
  })
  after(() => home.cleanUp())

  const all = [1, 2, 3]
  const start = (topic: string) =>
    startLedger({ home: home.home, bootstrapServers: servers, topic, partitions: 3, perSecond: 200, preloadMiB: 1 })

  test('finds nothing where nothing happens, counts windows apart, and is gone afterwards', async () => {
    using ledger = await start('calm')
    await ledger.mark('first')
    await ledger.mark('second')
    const report = await ledger.end()
    assert.deepEqual(faultsOf(report), [])
    assert.ok(report.sent > 0 && report.acked === report.sent)
    assert.equal(report.log.records, report.sent)
    assert.equal(report.group.records, report.sent)
    const counted = Object.values(report.windows).map(({ records }) => records)
    assert.equal(
      counted.reduce((sum, records) => sum + records, 0),
      report.sent,
    )
    await eventually(5_000, async () => !isAlive(ledger.pid) || 'the ledger still runs')
  })

  test('tells of a record that was doubled, and of one out of order', async () => {
    using ledger = await start('muddled')
    // Four into three partitions; and after a number so far ahead all that follow come too late.
    await produce(servers, 'muddled', Array(4).fill('1000000 0'))
    const faults = faultsOf(await ledger.end()).join('; ')
    assert.match(faults, /the group: \d+ duplicated/)
    assert.match(faults, /the log: \d+ duplicated/)
    assert.match(faults, /the log: \d+ reordered/)
  })

  test('tells of acknowledged records that are gone', async () => {
    using ledger = await start('robbed')
    const admin = new Admin({ clientId: 'thief', bootstrapBrokers: servers.split(',') })
    await admin.deleteRecords({ topics: [{ name: 'robbed', partitions: [{ partition: 0, offset: -1n }] }] })
    await admin.close()
    assert.match(faultsOf(await ledger.end()).join('; '), /the log: \d+ lost/)
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
