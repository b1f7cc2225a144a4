import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findVersion } from '../../src/domain/version.ts'
import type { Distribution } from '../../src/kafka/installed-distribution.ts'
import { ensureDistribution } from '../../src/kafka/distribution.ts'
import { formatWithKafka } from '../../src/kafka/format-with-kafka.ts'
import { serverProperties } from '../../src/kafka/server-properties.ts'
import { storageFiles } from '../../src/kafka/storage-format.ts'
import { brokersOf, eventually, makeRealHome } from './real-home.ts'
import type { RealHome } from './real-home.ts'
import { makeKafkaClusters } from '../../src/kafka/admin-client.ts'

/** Every version in the catalogue with MILLRACE_TEST_VERSIONS=all, which fetches them; else the recommended one. */
const home: RealHome = await makeRealHome()
const versions =
  process.env['MILLRACE_TEST_VERSIONS'] === 'all'
    ? home.catalogue.versions.map(({ version }) => version)
    : [home.version]

for (const version of versions) {
  describe(`storage of Kafka ${version}`, () => {
    let folder: string
    let distribution: Distribution
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'millrace-format-'))
      distribution = await ensureDistribution({ home: home.home, version, catalogue: home.catalogue })
    })
    after(() => rm(folder, { recursive: true, force: true }))

    for (const isVoter of [true, false]) {
      test(`is byte for byte what Kafka's own tool writes for a ${isVoter ? 'voter' : 'broker'}, but for the time`, async () => {
        const spec = nodeSpec(isVoter)
        const dataFolder = join(folder, String(isVoter))
        const propertiesFile = join(folder, 'server.properties')
        await writeFile(propertiesFile, serverProperties(spec, dataFolder))
        await formatWithKafka({ ...spec, distribution, propertiesFile, dataFolder })
        const { features } = findVersion(home.catalogue, version)!
        for (const [name, ours] of storageFiles({ ...spec, features: features!, timestampMs: 0 })) {
          const theirs = readFileSync(join(dataFolder, name))
          const timeless = name.endsWith('.checkpoint') ? batchesWithoutTime : propertiesWithoutTime
          assert.deepEqual(timeless(ours), timeless(theirs), name)
        }
      })
    }

    test('lets a node start and take a record', async () => {
      const [spec] = await home.specsFor(1, { version })
      await home.ready(version)
      await startsAndServes(spec!, home.provider)
    })
  })
}

test('is written by Kafka itself where the catalogue knows no feature levels', async () => {
  const entries = structuredClone(home.catalogue.versions)
  for (const entry of entries) delete entry.features
  const provider = home.open({ catalogue: { ...home.catalogue, versions: entries } })
  await home.ready(home.version, provider)
  const [spec] = await home.specsFor(1)
  await startsAndServes(spec!, provider)
})

after(() => home.cleanUp())

async function startsAndServes(
  spec: Parameters<RealHome['provider']['ensureNode']>[0],
  provider: RealHome['provider'],
) {
  await provider.ensureNode(spec, { epoch: 1 })
  const clusters = makeKafkaClusters()
  await eventually(60_000, async () => {
    return clusters.canary(brokersOf([spec])).then(
      ({ partitions }) => partitions === 1 || 'no partition',
      (error: unknown) => String(error),
    )
  })
  await eventually(20_000, async () => {
    return (await provider.removeNode(spec.instanceId, spec.kafkaId, { epoch: 1 })).join('; ') || true
  })
}

function nodeSpec(isVoter: boolean) {
  const voters = [1, 2, 3].map((kafkaId) => {
    const directoryId = Buffer.alloc(16, 16 + kafkaId).toString('base64url')
    return { kafkaId, directoryId, address: `127.0.${kafkaId}.1`, controllerPort: 9093 }
  })
  const kafkaId = isVoter ? 1 : 4
  const directoryId = isVoter ? voters[0]!.directoryId : Buffer.alloc(16, 20).toString('base64url')
  const roles: ('broker' | 'controller')[] = isVoter ? ['broker', 'controller'] : ['broker']
  const slot = { address: '127.0.1.1', port: 9092, controllerPort: 9093 }
  const clusterId = Buffer.alloc(16, 77).toString('base64url')
  return {
    ...slot,
    kafkaId,
    directoryId,
    roles,
    isVoter,
    voters,
    clusterId,
    zone: 'local-a',
    heapMiB: 256,
    configs: {},
  }
}

/** The batches of a snapshot without their times, and without the checksums that these go into. */
function batchesWithoutTime(file: Buffer): string[] {
  const batches: string[] = []
  for (let at = 0; at < file.length;) {
    const batch = Buffer.from(file.subarray(at, at + 12 + file.readInt32BE(at + 8)))
    batch.fill(0, 17, 21)
    batch.fill(0, 27, 43)
    // A snapshot's header record also says when: 8 bytes behind the key, version 0 and type 3.
    const header = batch.indexOf(Buffer.from([0, 0, 0, 3]), 61)
    if (at === 0) batch.fill(0, header + 7, header + 15)
    batches.push(batch.toString('hex'))
    at += batch.length
  }
  return batches
}

const propertiesWithoutTime = (file: Buffer) =>
  file
    .toString()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
