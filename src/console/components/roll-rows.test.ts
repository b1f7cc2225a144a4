import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GatePassage } from '../api-types.ts'
import { rollRows } from './roll-rows.ts'
import type { StepLook, StepRow } from './step-row.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()

/** A step that takes a second, begun at its number. */
function row(seq: number, name: string, look: StepLook = 'done'): StepRow {
  const endedAt = look === 'done' || look === 'cancelled' ? at(seq + 1) : null
  const step = { seq, name, title: name, attempts: 1, waitingReason: null, error: null, startedAt: at(seq), endedAt }
  const steps = look === 'planned' ? [] : [{ ...step, outcome: 'next' as const }]
  return { key: `${seq}`, name, title: name, look, steps }
}

const passage = (kafkaId: number, second: number, fate: GatePassage['fate'] = 'through'): GatePassage => ({
  kafkaId,
  reasons: [],
  fate,
  at: at(second),
  tookMs: 1,
  before: { waitedMs: 0, waitedFor: [] },
  after: { waitedMs: 0, waitedFor: [] },
  report: { partitionsExamined: 1, tightest: null, quorum: null },
  canary: null,
})

const told = (rows: StepRow[], passages: GatePassage[]) =>
  rollRows(rows, { passages }).map(({ title, look, steps }) => `${title} ${look} ${steps.length}`)

const first = [row(1, 'check'), row(2, 'pick-node'), row(3, 'restart-node'), row(4, 'await-node')]

describe('a roll in a timeline', () => {
  it('is one line for each node, with its evidence', () => {
    const second = [row(5, 'pick-node'), row(6, 'restart-node'), row(7, 'await-node')]
    const rows = [...first, ...second, row(8, 'pick-node'), row(9, 'verify')]
    const passages = [passage(2, 5), passage(3, 8)]
    assert.deepEqual(told(rows, passages), [
      'check done 1',
      'Restart node 2 done 3',
      'Restart node 3 done 4',
      'verify done 1',
    ])
    assert.deepEqual(rollRows(rows, { passages })[1]!.passage, passages[0])
  })

  it('names the node that is on its way', () => {
    const rows = [...first, row(5, 'pick-node'), row(6, 'restart-node', 'active'), row(9, 'verify', 'planned')]
    const passages = [passage(2, 5), passage(3, 7, 'under-way')]
    assert.deepEqual(told(rows, passages).slice(1), [
      'Restart node 2 done 3',
      'Restart node 3 active 2',
      'verify planned 0',
    ])
    assert.deepEqual(rollRows(rows, { passages })[2]!.passage, passages[1])
  })

  it('names no node while the next one is being chosen', () => {
    const rows = [
      ...first,
      row(5, 'pick-node', 'paused'),
      row(6, 'restart-node', 'planned'),
      row(7, 'verify', 'planned'),
    ]
    assert.deepEqual(told(rows, [passage(2, 5)]).slice(1), [
      'Restart node 2 done 3',
      'pick-node paused 1',
      'verify planned 0',
    ])
  })

  it('names the node that was left when it went back, with what was seen of it', () => {
    const rows = [...first.slice(0, 3), row(4, 'await-node', 'cancelled'), row(5, 'turn-back'), row(6, 'check')]
    const left = passage(2, 6, 'left')
    assert.deepEqual(told(rows, [left]), [
      'check done 1',
      'Restart node 2 cancelled 3',
      'turn-back done 1',
      'check done 1',
    ])
    assert.deepEqual(rollRows(rows, { passages: [left] })[1]!.passage, left)
  })

  it('keeps the steps that brought no node back as they are', () => {
    const rows = [...first.slice(0, 3), row(4, 'await-node', 'cancelled'), row(5, 'turn-back')]
    assert.equal(told(rows, []).length, 5)
  })

  it('is one line as long as it is to come', () => {
    const names = ['check', 'pick-node', 'restart-node', 'await-node', 'verify']
    const rows = names.map((name, index) => row(index, name, 'planned'))
    assert.deepEqual(told(rows, []), [
      'check planned 0',
      'Restart the nodes, one after the other planned 0',
      'verify planned 0',
    ])
  })

  it('leaves an Operation alone that is no change', () => {
    assert.equal(rollRows(first, null), first)
  })
})
