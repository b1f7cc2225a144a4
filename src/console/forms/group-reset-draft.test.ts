import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { emptyReset, resetBodyOf, resetHint, type ResetDraft } from './group-reset-draft.ts'

const draft = (chosen: Partial<ResetDraft>): ResetDraft => ({ ...emptyReset, ...chosen })

describe('the draft of a reset', () => {
  const moment = new Date('2026-01-02T03:04')
  const cases: [Partial<ResetDraft>, unknown][] = [
    [{}, { target: { to: 'earliest' } }],
    [
      { to: 'latest', topic: 'orders' },
      { target: { to: 'latest' }, topic: 'orders' },
    ],
    [
      { to: 'offset', offset: 0, topic: 'orders', partitions: '0-1, 3' },
      { target: { to: 'offset', offset: 0 }, topic: 'orders', partitions: [0, 1, 3] },
    ],
    [{ to: 'shift', by: -20, partitions: 'of no topic' }, { target: { to: 'shift', by: -20 } }],
    [{ to: 'time', at: '2026-01-02T03:04' }, { target: { to: 'time', at: moment.toISOString() } }],
    [{ to: 'offset' }, null],
    [{ to: 'offset', offset: -1 }, null],
    [{ to: 'shift' }, null],
    [{ to: 'time', at: '' }, null],
    [{ topic: 'orders', partitions: 'first' }, null],
  ]
  for (const [chosen, body] of cases)
    it(`${JSON.stringify(chosen)} asks for ${JSON.stringify(body)}`, () =>
      assert.deepEqual(resetBodyOf(draft(chosen)), body))

  it('says what is missing', () => {
    for (const [chosen, body] of cases) if (body === null) assert.notEqual(resetHint(draft(chosen)), '')
  })
})
