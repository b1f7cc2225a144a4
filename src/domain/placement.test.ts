import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { SlotRange, Subnet } from './environment.ts'
import { AppError } from './errors.ts'
import {
  freeSlots,
  leaversOf,
  networkProblems,
  placementFor,
  placementOfMore,
  slotAt,
  slotCount,
  slotKey,
} from './placement.ts'

const addresses = (zone: string, count = 254, third = zone.charCodeAt(0) - 96): Subnet => ({
  id: `subnet-${zone}`,
  zone,
  range: `127.0.${third}.0/24`,
  slots: { kind: 'addresses', firstAddress: `127.0.${third}.1`, count, port: 9092, controllerPort: 9093 },
})

const ports = (zone: string, count: number): Subnet => ({
  id: `subnet-${zone}`,
  zone,
  range: '127.0.0.1:20000-',
  slots: { kind: 'ports', address: '127.0.0.1', firstPort: 20_000, count },
})

const three = [addresses('a'), addresses('b'), addresses('c')]
const inAll = three.map(({ id, zone }) => ({ zone, subnet: id }))
const none: ReadonlySet<string> = new Set()

const isNoFreeAddress = (thrown: unknown) => {
  assert.ok(thrown instanceof AppError)
  assert.equal(thrown.kind, 'limit')
  assert.equal(thrown.code, 'Instance.NoFreeAddress')
  return true
}

describe('placing nodes', () => {
  test('gives three nodes a zone each and the first address of its subnet', () => {
    assert.deepEqual(
      placementFor({ nodeCount: 3, networks: inAll, subnets: three, taken: none }).map(
        ({ kafkaId, zone, address }) => ({
          kafkaId,
          zone,
          address,
        }),
      ),
      [
        { kafkaId: 1, zone: 'a', address: '127.0.1.1' },
        { kafkaId: 2, zone: 'b', address: '127.0.2.1' },
        { kafkaId: 3, zone: 'c', address: '127.0.3.1' },
      ],
    )
  })

  test('gives all nodes of one zone their own addresses in it', () => {
    const placed = placementFor({ nodeCount: 4, networks: [{ zone: 'b' }], subnets: three, taken: none })
    assert.deepEqual(
      placed.map(({ address, zone, subnet }) => `${address} ${zone} ${subnet}`),
      ['127.0.2.1', '127.0.2.2', '127.0.2.3', '127.0.2.4'].map((address) => `${address} b subnet-b`),
    )
  })

  test('makes the first three controllers and the others brokers only', () => {
    const placed = placementFor({ nodeCount: 5, networks: inAll, subnets: three, taken: none })
    assert.deepEqual(
      placed.map(({ roles }) => roles.join()),
      ['broker,controller', 'broker,controller', 'broker,controller', 'broker', 'broker'],
    )
  })

  test('steps over addresses that are taken, whoever holds them', () => {
    const taken = new Set(['127.0.1.1:9092', '127.0.1.2:9092', '127.0.3.1:9092'])
    const placed = placementFor({ nodeCount: 3, networks: inAll, subnets: three, taken })
    assert.deepEqual(
      placed.map(({ address }) => address),
      ['127.0.1.3', '127.0.2.1', '127.0.3.2'],
    )
    assert.equal(taken.size, 3, 'the caller keeps its own set')
  })

  test('uses the named subnet where a zone has several, and its first where none is named', () => {
    const second = { ...addresses('a', 10, 9), id: 'subnet-a2' }
    const subnets = [...three, second]
    const [named] = placementFor({ nodeCount: 1, networks: [{ zone: 'a', subnet: 'subnet-a2' }], subnets, taken: none })
    const [unnamed] = placementFor({ nodeCount: 1, networks: [{ zone: 'a' }], subnets, taken: none })
    assert.deepEqual([named?.address, unnamed?.address], ['127.0.9.1', '127.0.1.1'])
  })

  test('refuses when one subnet is too small for its share, and names it', () => {
    const subnets = [addresses('a'), addresses('b', 1), addresses('c')]
    assert.equal(placementFor({ nodeCount: 3, networks: inAll, subnets, taken: none }).length, 3)
    assert.throws(() => placementFor({ nodeCount: 5, networks: inAll, subnets, taken: none }), isNoFreeAddress)
    assert.throws(
      () => placementFor({ nodeCount: 5, networks: inAll, subnets, taken: none }),
      /Subnet subnet-b in zone b has not enough free addresses for its share of 5 nodes\. Choose another/,
    )
  })

  test('refuses when all is taken', () => {
    const taken = new Set(['127.0.1.1:9092', '127.0.1.2:9092'])
    const subnets = [addresses('a', 2)]
    assert.throws(() => placementFor({ nodeCount: 3, networks: [{ zone: 'a' }], subnets, taken }), isNoFreeAddress)
  })

  test('refuses a subnet that is not there', () => {
    const networks = [{ zone: 'a', subnet: 'subnet-b' }]
    assert.throws(() => placementFor({ nodeCount: 3, networks, subnets: three, taken: none }), {
      code: 'Instance.UnknownSubnet',
    })
  })

  test('gives nodes that share an address two ports each', () => {
    const placed = placementFor({ nodeCount: 3, networks: [{ zone: 'a' }], subnets: [ports('a', 6)], taken: none })
    assert.deepEqual(
      placed.map(({ address, port, controllerPort }) => [address, port, controllerPort]),
      [
        ['127.0.0.1', 20_000, 20_001],
        ['127.0.0.1', 20_002, 20_003],
        ['127.0.0.1', 20_004, 20_005],
      ],
    )
    const tooFew = { nodeCount: 3, networks: [{ zone: 'a' }], subnets: [ports('a', 5)], taken: none }
    assert.throws(() => placementFor(tooFew), isNoFreeAddress)
  })
})

describe('placing nodes, whatever is asked', () => {
  const wish = fc.record({
    nodeCount: fc.integer({ min: 3, max: 60 }),
    zoneCount: fc.constantFrom(1, 3),
    kind: fc.constantFrom('addresses', 'ports'),
    takenIndexes: fc.array(fc.nat(80), { maxLength: 40 }),
  })

  const requestFrom = ({
    nodeCount,
    zoneCount,
    kind,
    takenIndexes,
  }: typeof wish extends fc.Arbitrary<infer W> ? W : never) => {
    const subnets = ['a', 'b', 'c']
      .slice(0, zoneCount)
      .map((zone, index) =>
        kind === 'addresses'
          ? addresses(zone, 120)
          : { ...ports(zone, 240), slots: { ...ports(zone, 240).slots, firstPort: 20_000 + index * 240 } as SlotRange },
      )
    const networks = subnets.map(({ zone }) => ({ zone }))
    const taken = new Set(subnets.flatMap(({ slots }) => takenIndexes.map((index) => slotKey(slotAt(slots, index)))))
    return { nodeCount, networks, subnets, taken }
  }

  const holds = (name: string, property: (request: ReturnType<typeof requestFrom>) => void): void => {
    void test(name, () => fc.assert(fc.property(wish, (wanted) => property(requestFrom(wanted)))))
  }

  holds('never puts two nodes on one slot, nor one on a taken slot', (request) => {
    const keys = placementFor(request).map(slotKey)
    assert.equal(new Set(keys).size, request.nodeCount)
    assert.ok(keys.every((key) => !request.taken.has(key)))
  })

  holds('spreads over the zones within one of even', (request) => {
    const perZone = Map.groupBy(placementFor(request), ({ zone }) => zone)
    const counts = request.networks.map(({ zone }) => perZone.get(zone)?.length ?? 0)
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join())
  })

  holds('makes exactly the first three controllers, in as many zones as there are', (request) => {
    const controllers = placementFor(request).filter(({ roles }) => roles.includes('controller'))
    assert.deepEqual(
      controllers.map(({ kafkaId }) => kafkaId),
      [1, 2, 3],
    )
    assert.equal(new Set(controllers.map(({ zone }) => zone)).size, request.networks.length)
  })

  holds('numbers the nodes from 1 and puts each in a slot of its own subnet', (request) => {
    placementFor(request).forEach((node, index) => {
      assert.equal(node.kafkaId, index + 1)
      const subnet = request.subnets.find(({ id }) => id === node.subnet)
      assert.equal(subnet?.zone, node.zone)
      const all = Array.from({ length: slotCount(subnet.slots) }, (_, at) => slotKey(slotAt(subnet.slots, at)))
      assert.ok(all.includes(slotKey(node)))
    })
  })

  holds('takes as many free slots as it places nodes', (request) => {
    const free = (taken: ReadonlySet<string>) =>
      request.subnets.reduce((sum, subnet) => sum + freeSlots(subnet, taken), 0)
    const after = new Set([...request.taken, ...placementFor(request).map(slotKey)])
    assert.equal(free(request.taken) - free(after), request.nodeCount)
  })
})

describe('slots', () => {
  test('of addresses run on into the next network', () => {
    const slots = {
      kind: 'addresses',
      firstAddress: '10.1.0.254',
      count: 65_000,
      port: 9092,
      controllerPort: 9093,
    } as const
    assert.deepEqual(
      [0, 1, 2, 258].map((index) => slotAt(slots, index).address),
      ['10.1.0.254', '10.1.0.255', '10.1.1.0', '10.1.2.0'],
    )
    assert.equal(slotCount(slots), 65_000)
  })

  test('of ports are pairs; an odd port is left over', () => assert.equal(slotCount(ports('a', 7).slots), 3))

  test('that are taken elsewhere do not count as free, and foreign ones change nothing', () => {
    const subnet = addresses('a', 3)
    assert.equal(freeSlots(subnet, none), 3)
    assert.equal(freeSlots(subnet, new Set(['127.0.1.2:9092', '127.0.9.1:9092', '127.0.1.2:9999'])), 2)
  })
})

describe('networks', () => {
  test('are one zone or three, each with a subnet of its own zone or none', () => {
    assert.deepEqual(networkProblems(inAll, three), [])
    assert.deepEqual(networkProblems([{ zone: 'b' }], three), [])
  })

  for (const count of [0, 2, 4]) {
    test(`are not ${count}`, () => {
      const networks = Array.from({ length: count }, (_, index) => ({ zone: 'abcd'[index]! }))
      const [problem, ...others] = networkProblems(networks, three)
      assert.equal(problem?.path, 'spec.networks')
      assert.match(problem.message, RegExp(`one zone or in three; ${count} were given`))
      assert.deepEqual(others, [])
    })
  }

  test('name zones and subnets that are there, and the problem names those', () => {
    const networks = [{ zone: 'x' }, { zone: 'b', subnet: 'subnet-c' }, { zone: 'c', subnet: 'subnet-c' }]
    assert.deepEqual(networkProblems(networks, three), [
      { path: 'spec.networks.0.zone', message: 'There is no zone "x" here; there are a, b, c.' },
      { path: 'spec.networks.1.subnet', message: 'Subnet "subnet-c" is not in zone b; there is subnet-b.' },
    ])
  })

  test('name each zone once', () => {
    const [problem] = networkProblems([{ zone: 'a' }, { zone: 'a' }, { zone: 'b' }], three)
    assert.deepEqual(problem, { path: 'spec.networks', message: 'Each zone may be named once only.' })
  })
})

describe('growing and shrinking', () => {
  const standing = (nodeCount: number) => placementFor({ nodeCount, networks: inAll, subnets: three, taken: none })
  const grow = (nodes: { kafkaId: number; zone: string; address: string; port: number }[], count: number) =>
    placementOfMore({
      count,
      standing: nodes,
      highestId: Math.max(...nodes.map(({ kafkaId }) => kafkaId)),
      networks: inAll,
      subnets: three,
      taken: new Set(nodes.map(slotKey)),
    })
  const spreadOf = (nodes: { zone: string }[]) => {
    const counts = ['a', 'b', 'c'].map((zone) => nodes.filter((node) => node.zone === zone).length)
    return Math.max(...counts) - Math.min(...counts)
  }

  test('keeps zones within one of even, whatever the steps, and takes no controller away', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 3, max: 40 }), { maxLength: 8 }), (sizes) => {
        let nodes = standing(3)
        for (const size of sizes) {
          if (size >= nodes.length) nodes = [...nodes, ...grow(nodes, size - nodes.length)]
          else {
            const gone = leaversOf(nodes, nodes.length - size)
            nodes = nodes.filter((node) => !gone.includes(node))
          }
          assert.equal(nodes.length, size)
          assert.ok(spreadOf(nodes) <= 1)
          assert.equal(nodes.filter(({ roles }) => roles.includes('controller')).length, 3)
          assert.equal(new Set(nodes.map(slotKey)).size, size)
        }
      }),
    )
  })

  test('adds brokers with ids that follow the greatest there was', () => {
    const more = placementOfMore({
      count: 2,
      standing: standing(3),
      highestId: 7,
      networks: inAll,
      subnets: three,
      taken: none,
    })
    assert.deepEqual(
      more.map(({ kafkaId, roles }) => [kafkaId, roles.join()]),
      [
        [8, 'broker'],
        [9, 'broker'],
      ],
    )
  })

  test('refuses to add where a subnet has no address left', () => {
    const small = three.map((subnet) => addresses(subnet.zone, 1))
    const nodes = placementFor({ nodeCount: 3, networks: inAll, subnets: small, taken: none })
    const request = {
      count: 1,
      standing: nodes,
      highestId: 3,
      networks: inAll,
      subnets: small,
      taken: new Set(nodes.map(slotKey)),
    }
    assert.throws(() => placementOfMore(request), isNoFreeAddress)
  })
})
