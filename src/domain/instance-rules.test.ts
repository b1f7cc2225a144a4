import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Environment } from './environment.ts'
import { AppError } from './errors.ts'
import {
  instanceProblems,
  refuseProblems,
  refuseWithoutMemory,
  sizingFor,
  type WantedInstance,
} from './instance-rules.ts'

const environment: Environment = {
  zones: [{ id: 'a' }],
  subnets: [
    {
      id: 'subnet-a',
      zone: 'a',
      range: '127.0.1.0/24',
      slots: { kind: 'addresses', firstAddress: '127.0.1.1', count: 254, port: 9092, controllerPort: 9093 },
    },
  ],
  machineTypes: [{ id: 'small', akuPerNode: 2, memoryMiB: 400, heapMiB: 256, description: 'small' }],
  memoryMiB: 2_000,
  takenElsewhere: [],
}

const known = (version: string) => ({
  version,
  recommended: true,
  endOfLife: false,
  upgradableTo: [],
  leastMillrace: '0.1.0',
})
const ofLater = { ...known('5.0.0'), leastMillrace: '0.2.0' }
const offer = { environment, catalogue: { versions: [known('4.0.2'), known('4.3.1'), ofLater], millrace: '0.1.0' } }
const wanted: WantedInstance = {
  name: 'orders',
  version: '4.3.1',
  spec: { reservedAku: 3, networks: [{ zone: 'a', subnet: 'subnet-a' }] },
}

describe('the wish for an Instance', () => {
  test('has no problem when all is right', () => assert.deepEqual(instanceProblems(wanted, offer), []))

  const spec = (more: object) => ({ spec: { ...wanted.spec, ...more } })
  const table: { wrong: Partial<WantedInstance>; path: string; says: RegExp }[] = [
    { wrong: { name: 'a' }, path: 'name', says: /3 to 64/ },
    { wrong: { description: 'x'.repeat(257) }, path: 'description', says: /at most 256/ },
    { wrong: { version: '2.8.0' }, path: 'version', says: /no version "2\.8\.0" here; there are 4\.0\.2, 4\.3\.1/ },
    { wrong: { version: '5.0.0' }, path: 'version', says: /needs Millrace 0\.2\.0 or later.* Upgrade Millrace first/ },
    { wrong: spec({ reservedAku: 2 }), path: 'spec.reservedAku', says: /from 3 to 500; this is 2/ },
    { wrong: spec({ networks: [{ zone: 'b' }] }), path: 'spec.networks.0.zone', says: /no zone "b"/ },
  ]
  for (const { wrong, path, says } of table) {
    test(`has its problem at ${path}`, () => {
      const [problem, ...others] = instanceProblems({ ...wanted, ...wrong }, offer)
      assert.equal(problem?.path, path)
      assert.match(problem.message, says)
      assert.deepEqual(others, [])
    })
  }

  test('is told of all problems at once', () => {
    const all = { name: '', version: '', spec: { reservedAku: 0, networks: [] } }
    const paths = instanceProblems(all, offer).map(({ path }) => path)
    assert.deepEqual(paths, ['name', 'version', 'spec.reservedAku', 'spec.networks'])
  })

  test('is refused with the first problem as the message and each at its field', () => {
    const fields = [
      { path: 'name', message: 'Too short.' },
      { path: 'version', message: 'Unknown.' },
    ]
    assert.throws(
      () => refuseProblems(fields),
      (thrown) => {
        assert.ok(thrown instanceof AppError)
        const { kind, code, message, detail } = thrown
        assert.deepEqual(
          { kind, code, message, detail },
          { kind: 'invalid', code: 'Instance.Invalid', message: 'Too short.', detail: 'name' },
        )
        assert.deepEqual(thrown.fields, fields)
        return true
      },
    )
    assert.doesNotThrow(() => refuseProblems([]))
  })
})

describe('memory', () => {
  test('follows from nodes and the machine type', () => {
    const { nodeCount, memoryMiB, machineType } = sizingFor({ reservedAku: 7 }, environment)
    assert.deepEqual([nodeCount, memoryMiB, machineType.id], [4, 1_600, 'small'])
  })

  const sizing = sizingFor({ reservedAku: 3 }, environment)

  test('is enough when standing and new nodes fit exactly', () =>
    assert.doesNotThrow(() => refuseWithoutMemory(sizing, 2, environment)))

  test('is refused one node later, with what is needed and what is free', () => {
    assert.throws(
      () => refuseWithoutMemory(sizing, 3, environment),
      (thrown) => {
        assert.ok(thrown instanceof AppError)
        assert.deepEqual([thrown.kind, thrown.code], ['limit', 'Instance.NotEnoughMemory'])
        assert.match(thrown.message, /3 nodes take 1200 MiB of memory, and 800 MiB are free.*Choose a smaller/)
        assert.equal(thrown.fields[0]?.path, 'spec.reservedAku')
        return true
      },
    )
  })

  test('that is free is never less than nothing', () =>
    assert.throws(() => refuseWithoutMemory(sizing, 50, environment), /and 0 MiB are free/))

  test('has no limit where the provider has none', () =>
    assert.doesNotThrow(() => refuseWithoutMemory(sizing, 1_000_000, { ...environment, memoryMiB: null })))
})
