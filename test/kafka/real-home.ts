import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, rmdir, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Keyring } from '../../src/domain/keyring.ts'
import { instanceIdFrom, kafkaUuidFrom } from '../../src/domain/id.ts'
import { placementFor, slotAt, slotCount, slotKey } from '../../src/domain/placement.ts'
import type { Subnet } from '../../src/domain/environment.ts'
import { recommendedVersion } from '../../src/domain/version.ts'
import type { VersionCatalogue } from '../../src/domain/version.ts'
import type { BrokerEndpoint } from '../../src/kafka/cluster.ts'
import { readCatalogue } from '../../src/kafka/catalogue.ts'
import { makeLocalProvider } from '../../src/providers/local/local-provider.ts'
import { listNodeProcesses } from '../../src/providers/local/node-processes.ts'
import { stopHome } from '../../src/providers/local/stop-home.ts'
import type { NodeSpec, Provider } from '../../src/providers/provider.ts'

/**
 * A home of its own for real nodes in a test, on addresses that nobody uses. Kafka's jars and class archives are shared
 * by all tests in MILLRACE_TEST_HOME, so that they are fetched once.
 */
export type RealHome = {
  home: string
  homeId: string
  catalogue: VersionCatalogue
  version: string
  provider: Provider
  open(more?: { catalogue?: VersionCatalogue; stopGraceMs?: number; keyring?: Keyring }): Provider
  specsFor(nodeCount: number, more?: Partial<NodeSpec>): Promise<NodeSpec[]>
  /** Pids of living processes of the Instance, found by their own command lines. */
  pidsOf(spec: NodeSpec): Promise<number[]>
  ready(version?: string, provider?: Provider): Promise<void>
  cleanUp(): Promise<void>
}

export const catalogueFile = join(import.meta.dirname, '../../kafka-versions.json')

export async function makeRealHome(): Promise<RealHome> {
  const shared = process.env['MILLRACE_TEST_HOME'] ?? join(tmpdir(), '.millrace-test')
  const home = await mkdtemp(join(tmpdir(), 'millrace-home-'))
  await mkdir(join(shared, 'kafka'), { recursive: true })
  await symlink(join(shared, 'kafka'), join(home, 'kafka'))
  const block = await claimBlock(shared)
  const homeId = `test-${randomUUID()}`
  const catalogue = readCatalogue(catalogueFile)
  const { version } = recommendedVersion(catalogue)
  const open: RealHome['open'] = (more = {}) =>
    makeLocalProvider({ home, homeId, catalogue, stopGraceMs: 5_000, ...more })
  const provider = open()
  return {
    home,
    homeId,
    catalogue,
    version,
    provider,
    open,
    specsFor: makeSpecs(provider, version, block.number),
    pidsOf: async ({ instanceId }) => (await listNodeProcesses(`${homeId}/${instanceId}/`)).map(({ pid }) => pid),
    ready: (wanted = version, through = provider) => awaitReady(through, wanted),
    async cleanUp() {
      await stopHome({ home, homeId, graceMs: 0 })
      await rm(home, { recursive: true, force: true })
      await rmdir(block.folder)
    },
  }
}

function makeSpecs(provider: Provider, version: string, block: number): RealHome['specsFor'] {
  // Specs made before their nodes listen must not get the same slots.
  const given = new Set<string>()
  return async (nodeCount, more = {}) => {
    const { zones, subnets, takenElsewhere } = await provider.describeEnvironment()
    const networks = zones.map(({ id }) => ({ zone: id }))
    const taken = new Set([...takenElsewhere, ...given, ...subnets.flatMap((subnet) => outsideBlock(subnet, block))])
    const nodes = placementFor({ nodeCount, networks, subnets, taken })
    for (const { address, port } of nodes) given.add(`${address}:${port}`)
    return specsOf(nodes, { version, ...more })
  }
}

function specsOf(nodes: ReturnType<typeof placementFor>, more: Partial<NodeSpec> & { version: string }): NodeSpec[] {
  const instanceId = instanceIdFrom(randomBytes(16))
  const clusterId = kafkaUuidFrom(randomBytes(16))
  const members = nodes.map((node) => ({ ...node, directoryId: kafkaUuidFrom(randomBytes(16)) }))
  const voters = members.filter(({ roles }) => roles.includes('controller'))
  return members.map((member) => ({
    ...member,
    instanceId,
    clusterId,
    heapMiB: 256,
    voters,
    configs: {},
    isNew: true,
    ...more,
  }))
}

const blockSize = 25
const blocks = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const abandonedAfterMs = 30 * 60_000

/** Tests that run at the same moment see the same free addresses, so each takes from a block of its own; a real Millrace begins at the first. */
async function claimBlock(shared: string): Promise<{ number: number; folder: string }> {
  await mkdir(join(shared, 'blocks'), { recursive: true })
  for (const number of blocks) {
    const folder = join(shared, 'blocks', String(number))
    const age = await stat(folder).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > abandonedAfterMs) await rmdir(folder).catch(() => {})
    if (
      await mkdir(folder).then(
        () => true,
        () => false,
      )
    )
      return { number, folder }
  }
  throw new Error(`all blocks of addresses are taken by other tests: see ${join(shared, 'blocks')}`)
}

function outsideBlock({ slots }: Subnet, block: number): string[] {
  const keys = Array.from({ length: slotCount(slots) }, (_, index) => slotKey(slotAt(slots, index)))
  return keys.filter((_, index) => Math.floor(index / blockSize) !== block)
}

async function awaitReady(provider: Provider, version: string): Promise<void> {
  while (!(await provider.prepareVersion(version)).ready) await delay(100)
}

export const brokersOf = (specs: NodeSpec[]): BrokerEndpoint[] =>
  specs.map(({ kafkaId, address, port }) => ({ kafkaId, host: address, port }))

/** For a whole change of a cluster: a hang alone takes so long, a slow machine does not. */
export const changeLimitMs = 300_000

/** Resolves when it is so; fails naming what was seen last. */
export async function eventually(limitMs: number, look: () => Promise<string | true>): Promise<void> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const seen = await look()
    if (seen === true) return
    if (Date.now() > deadline) throw new Error(`not so after ${limitMs / 1000} s: ${seen}`)
    await delay(50)
  }
}
