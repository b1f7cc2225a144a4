import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  driftOf,
  instanceHealth,
  nodeHealth,
  stateByService,
  strangersIn,
  type NodeBefore,
  type ServiceSeen,
} from './health.ts'
import { instanceStates } from './instance.ts'
import type { Observation } from './observation.ts'

const expected = { brokers: [1, 2, 3], voters: [1, 2, 3] }
const at = (seconds: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + seconds * 1000)

const serving: Observation = {
  views: [1, 2, 3].map((kafkaId) => ({ kafkaId, sees: [1, 2, 3], problem: null })),
  partitions: [{ topic: 'orders', partition: 0, leader: 1, replicas: [1, 2, 3], inSync: [1, 2, 3] }],
  quorum: { leaderId: 1, voters: [1, 2, 3].map((kafkaId) => ({ kafkaId, lag: 0 })) },
}
const without = (silent: number): Observation => ({
  ...serving,
  views: serving.views.map((view) =>
    view.kafkaId === silent ? { kafkaId: silent, sees: null, problem: 'no answer in time' } : view,
  ),
})

describe('the health of a node', () => {
  const alive = { kafkaId: 2, process: 'running', reason: null, startedAt: at(0) } as const
  const wasRunning: NodeBefore = { health: 'running', startedAt: at(0), silentSince: null }
  const look = (observation: Observation, before: NodeBefore = wasRunning, now = at(1_000)) =>
    nodeHealth(alive, observation, { before, now })

  test('is running when it answers, however it was before', () => {
    for (const health of ['planned', 'starting', 'running', 'unreachable', 'stopped'] as const) {
      const before = { ...wasRunning, health, silentSince: at(5) }
      assert.deepEqual(look(serving, before), { health: 'running', reason: null, silentSince: null })
    }
  })

  test('is unreachable when it answered and does so no more, since the first look that found it silent', () => {
    const first = look(without(2))
    assert.deepEqual(first, { health: 'unreachable', reason: 'no answer in time', silentSince: at(1_000) })
    const later = look(without(2), { ...wasRunning, ...first }, at(1_060))
    assert.deepEqual(later.silentSince, at(1_000))
  })

  test('is starting when it has not answered since its start, and unreachable when that takes too long', () => {
    const cases: [string, NodeBefore][] = [
      ['never seen', { health: 'planned', startedAt: null, silentSince: null }],
      ['seen stopped', { health: 'stopped', startedAt: null, silentSince: null }],
      ['seen starting', { health: 'starting', startedAt: at(0), silentSince: null }],
      ['started again since it was well', { health: 'running', startedAt: at(-50), silentSince: null }],
      ['started again since it hung', { health: 'unreachable', startedAt: at(-50), silentSince: at(-20) }],
    ]
    for (const [words, before] of cases) {
      assert.equal(look(without(2), before, at(299)).health, 'starting', words)
      assert.equal(look(without(2), before, at(299)).silentSince, null, words)
    }
    assert.equal(look(without(2), cases[2]![1], at(301)).health, 'unreachable')
    assert.deepEqual(look(without(2), cases[2]![1], at(301)).silentSince, at(301))
  })

  test('is unreachable when nobody asked it, and nobody knows when it started', () => {
    const unasked = { ...serving, views: [] }
    const unknown = { ...alive, startedAt: null }
    const before = { ...wasRunning, startedAt: null }
    assert.equal(nodeHealth(unknown, unasked, { before, now: at(1) }).health, 'unreachable')
  })

  test('is stopped when its process ended, whatever answers at its address', () => {
    const ended = { ...alive, process: 'stopped', reason: 'The disk is full.' } as const
    const stopped = { health: 'stopped', reason: 'The disk is full.', silentSince: null }
    assert.deepEqual(nodeHealth(ended, serving, { before: wasRunning, now: at(1) }), stopped)
    const trackless = { ...stopped, reason: 'Nothing of it is left where it was.' }
    assert.deepEqual(nodeHealth(undefined, serving, { before: wasRunning, now: at(1) }), trackless)
  })
})

describe('the health of an Instance', () => {
  test('is degraded when a node is away, and down when nothing can be produced', () => {
    assert.deepEqual(instanceHealth(serving, expected), { health: 'healthy', reason: null })
    assert.equal(instanceHealth(without(2), expected).health, 'degraded')
    const leaderless = serving.partitions.map((partition) => ({ ...partition, leader: -1, inSync: [] }))
    for (const [words, observation] of [
      ['no quorum', { ...serving, quorum: null }],
      ['a quorum without leader', { ...serving, quorum: { ...serving.quorum!, leaderId: -1 } }],
      ['a partition without leader', { ...serving, partitions: leaderless }],
    ] as const) {
      const judged = instanceHealth(observation, expected)
      assert.equal(judged.health, 'down', words)
      assert.ok(judged.reason)
    }
  })

  test('is down when no test record gets through, though all looks well', () => {
    assert.deepEqual(instanceHealth(serving, expected, { problem: 'no record came back' }), {
      health: 'down',
      reason: 'no record came back',
    })
  })

  test('is degraded while no quorum is seen and a record gets through at this very look', () => {
    const unseen = { ...serving, quorum: null }
    assert.equal(instanceHealth(unseen, expected, { problem: null }).health, 'degraded')
    assert.equal(instanceHealth(unseen, expected, { problem: null, isOld: true }).health, 'down')
    assert.equal(instanceHealth(unseen, expected, { problem: 'lost' }).health, 'down')
  })

  test('names a broker that nobody made, and none that is being taken away', () => {
    const views = serving.views.map((view) => ({ ...view, sees: [1, 2, 3, 9] }))
    assert.deepEqual(strangersIn({ ...serving, views }, expected), [9])
    const { health, reason } = instanceHealth({ ...serving, views }, expected)
    assert.equal(health, 'degraded')
    assert.match(reason ?? '', /node 9 is in the cluster, and nobody made it here/)
    const leaving = { ...expected, leaving: [9] }
    assert.deepEqual(instanceHealth({ ...serving, views }, leaving), { health: 'healthy', reason: null })
  })
})

describe('the state by service', () => {
  const seen: ServiceSeen = { state: 'Running', downSince: null, open: undefined }
  const healing = { kind: 'heal-instance', outcome: 'active', pausedAt: null } as const
  const changing = { kind: 'restart-instance', outcome: 'active', pausedAt: null } as const
  const paused = { ...changing, pausedAt: at(0) }
  const failed = { ...changing, outcome: 'failed' } as const

  test('is Error when it has been down for half a minute, and not before', () => {
    for (const open of [undefined, healing]) {
      assert.equal(stateByService({ ...seen, open, downSince: at(0) }, at(29.9)), null)
      assert.equal(stateByService({ ...seen, open, downSince: at(0) }, at(30)), 'Error')
      assert.equal(stateByService({ ...seen, open }, at(30)), null)
    }
  })

  test('is Running again as soon as it serves', () => {
    for (const open of [undefined, healing]) {
      assert.equal(stateByService({ ...seen, open, state: 'Error' }, at(0)), 'Running')
      assert.equal(stateByService({ ...seen, open, state: 'Error', downSince: at(0) }, at(1_000)), null)
    }
  })

  test('of a change that stands is Error while it cannot serve, and the change’s again when it can, or goes on', () => {
    const standing = { ...seen, open: paused }
    assert.equal(stateByService({ ...standing, state: 'Changing', downSince: at(0) }, at(29.9)), null)
    assert.equal(stateByService({ ...standing, state: 'Changing', downSince: at(0) }, at(30)), 'Error')
    assert.equal(stateByService({ ...standing, state: 'Error', downSince: at(0) }, at(99)), null)
    assert.equal(stateByService({ ...standing, state: 'Error' }, at(99)), 'Changing')
    assert.equal(stateByService({ ...seen, open: changing, state: 'Error', downSince: at(0) }, at(99)), 'Changing')
  })

  test('is left alone while an Operation is at work on it, or a failed one holds it', () => {
    for (const state of instanceStates.filter((one) => one !== 'Running' && one !== 'Error')) {
      for (const downSince of [null, at(0)]) {
        assert.equal(stateByService({ state, downSince, open: changing }, at(99)), null)
        assert.equal(stateByService({ state, downSince, open: undefined }, at(99)), null)
      }
    }
    for (const state of instanceStates) {
      for (const downSince of [null, at(0)])
        assert.equal(stateByService({ state, downSince, open: failed }, at(99)), null)
    }
  })
})

describe('drift', () => {
  const wanted = { version: '4.3.1', configs: { 'num.io.threads': '4' } }

  test('is nothing for a process that runs as it should, whatever its heap', () =>
    assert.equal(driftOf({ ...wanted, heapMiB: 512 }, wanted), null))

  test('says version and settings that differ, and what to do', () => {
    const words = driftOf({ version: '4.2.1', configs: {}, heapMiB: 1 }, wanted)
    assert.match(words ?? '', /version 4\.2\.1 → 4\.3\.1; settings num\.io\.threads\. A restart puts that right/)
  })

  test('is named when nobody knows what the process was started with', () =>
    assert.match(driftOf(null, wanted) ?? '', /nobody knows/))
})
