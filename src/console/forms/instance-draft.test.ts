import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Environment } from '../api-types.ts'
import { bodyOf, draftProblems, emptyDraft, planBodyOf, roomIn } from './instance-draft.ts'

const zone = (id: string, free: number) => ({
  id,
  subnets: [{ id: `subnet-${id}`, range: '127.0.1.0/24', used: 254 - free, free, capacity: 254 }],
})

const environment: Environment = {
  environmentId: 'env-local',
  provider: 'local',
  zones: [zone('a', 250), zone('b', 99), zone('c', 1)],
  machineTypes: [{ id: 'local', akuPerNode: 2, memoryMiB: 512, description: '' }],
  limits: { leastAku: 3, mostAku: 500, mostNodesNow: null, memoryMiB: null, memoryUsedMiB: 0 },
  millraceVersion: '0.1.0',
}
const versions = ['3.9.2', '4.1.2'].map((version) => ({
  version,
  recommended: version === '4.1.2',
  endOfLife: false,
  upgradableTo: [],
}))
const draft = emptyDraft(environment, versions)

describe('a new draft', () => {
  it('has the recommended version, three zones and the least AKU', () => {
    assert.equal(draft.version, '4.1.2')
    assert.deepEqual(
      draft.networks.map((network) => network.zone),
      ['a', 'b', 'c'],
    )
    assert.equal(draft.reservedAku, 3)
  })

  it('has one zone where there are not three', () => {
    assert.equal(emptyDraft({ ...environment, zones: environment.zones.slice(0, 2) }, versions).networks.length, 1)
  })
})

describe('the body that is sent', () => {
  it('has no remark when none was typed', () => {
    assert.equal('description' in bodyOf(draft), false)
  })

  it('gets a stand-in name for a plan, until the name is right', () => {
    assert.equal(planBodyOf(draft, 'preview')?.name, 'preview')
    assert.equal(planBodyOf({ ...draft, name: 'orders' }, 'preview')?.name, 'orders')
  })

  it('asks for no plan while the AKU is wrong', () => {
    for (const reservedAku of ['' as const, 2, 501, 3.5]) {
      assert.equal(planBodyOf({ ...draft, reservedAku }, 'preview'), null)
      assert.match(draftProblems.reservedAku(reservedAku) ?? '', /from 3 to 500/)
    }
  })
})

describe('the room in a subnet', () => {
  const room = (position: number, reservedAku: number) =>
    roomIn(environment.zones[position]!.subnets[0]!, { position, draft: { ...draft, reservedAku }, akuPerNode: 2 })

  it('is enough without a word above a hundred free addresses', () => {
    assert.deepEqual(room(0, 3), { needed: 1 })
  })

  it('warns under a hundred free addresses', () => {
    assert.match(room(1, 3).warning ?? '', /Under 100/)
  })

  it('refuses where this zone gets more nodes than the subnet has addresses', () => {
    assert.equal(room(2, 10).problem, undefined)
    assert.equal(room(2, 12).problem, 'subnet-c has 1 free address; this Instance needs 2 here.')
  })
})
