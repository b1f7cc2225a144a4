import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { deliveryState, pauseSeconds, verdictOn, type Delivery, type Verdict } from './metrics-delivery.ts'

const now = new Date('2026-01-01T00:00:00Z')
const answer = { retryAfter: null, words: '', location: null }

describe('what follows from an answer', () => {
  const cases: { status: number; kind: Verdict['kind'] }[] = [
    { status: 200, kind: 'taken' },
    { status: 204, kind: 'taken' },
    { status: 302, kind: 'refused' },
    { status: 400, kind: 'refused' },
    { status: 401, kind: 'refused' },
    { status: 404, kind: 'refused' },
    { status: 429, kind: 'later' },
    { status: 500, kind: 'later' },
    { status: 503, kind: 'later' },
  ]
  for (const { status, kind } of cases) {
    test(`${status}: ${kind}`, () => assert.equal(verdictOn({ ...answer, status }, now).kind, kind))
  }

  test('keeps its words', () => {
    const verdict = verdictOn({ ...answer, status: 503, words: 'not today' }, now)
    assert.ok(verdict.kind === 'later' && verdict.why === 'It answered 503: not today')
  })

  for (const status of [400, 413]) {
    test(`${status} may be of a part of what was sent`, () =>
      assert.deepEqual(verdictOn({ ...answer, status }, now), {
        kind: 'refused',
        why: `It answered ${status}`,
        isOfContent: true,
      }))
  }
  for (const status of [302, 401, 404]) {
    test(`${status} is of whatever is sent`, () => {
      const verdict = verdictOn({ ...answer, status }, now)
      assert.ok(verdict.kind === 'refused' && !verdict.isOfContent)
    })
  }

  const asked: { header: string | null; seconds: number | null }[] = [
    { header: null, seconds: null },
    { header: '120', seconds: 120 },
    { header: '999999', seconds: 3_600 },
    { header: 'Thu, 01 Jan 2026 00:00:30 GMT', seconds: 30 },
    { header: 'Wed, 31 Dec 2025 23:00:00 GMT', seconds: 0 },
    { header: 'soon', seconds: null },
  ]
  for (const { header, seconds } of asked) {
    test(`honours Retry-After: ${header}`, () => {
      const verdict = verdictOn({ ...answer, status: 503, retryAfter: header }, now)
      assert.ok(verdict.kind === 'later')
      assert.equal(verdict.retryAfterSeconds, seconds)
    })
  }
})

test('a pause doubles up to five minutes, and is never shorter than asked for', () => {
  const pauses = [1, 2, 3, 4, 20].map((failures) => pauseSeconds(failures, { asked: null, chance: 0.5 }))
  assert.deepEqual(pauses, [5, 10, 20, 40, 300])
  assert.equal(pauseSeconds(1, { asked: 60, chance: 0.5 }), 60)
  assert.equal(pauseSeconds(4, { asked: 60, chance: 1 }), 60)
  assert.notEqual(pauseSeconds(1, { asked: null, chance: 0 }), pauseSeconds(1, { asked: null, chance: 1 }))
})

describe('how it stands', () => {
  const fresh: Delivery = {
    lastSuccessAt: null,
    lastError: null,
    lastErrorAt: null,
    failures: 0,
    retryAt: null,
    queued: 0,
    dropped: 0,
    samplesPerMinute: 0,
    measuredAt: null,
    measureDueAt: null,
  }
  const later = new Date(now.getTime() + 1)
  const cases: { name: string; delivery: Delivery | undefined; state: string }[] = [
    { name: 'nothing asked for', delivery: undefined, state: 'off' },
    { name: 'nothing sent yet', delivery: fresh, state: 'beginning' },
    { name: 'taken', delivery: { ...fresh, lastSuccessAt: now }, state: 'delivering' },
    {
      name: 'not reached',
      delivery: { ...fresh, lastSuccessAt: now, lastErrorAt: now, failures: 1 },
      state: 'waiting',
    },
    { name: 'refused last', delivery: { ...fresh, lastSuccessAt: now, lastErrorAt: later }, state: 'refused' },
    { name: 'taken again', delivery: { ...fresh, lastErrorAt: now, lastSuccessAt: later }, state: 'delivering' },
    { name: 'measured in time', delivery: { ...fresh, lastSuccessAt: now, measureDueAt: now }, state: 'delivering' },
    {
      name: 'measured no more',
      delivery: { ...fresh, lastSuccessAt: now, measureDueAt: new Date(now.getTime() - 1) },
      state: 'unmeasured',
    },
    {
      name: 'measured no more, and not reached',
      delivery: { ...fresh, failures: 1, measureDueAt: new Date(now.getTime() - 1) },
      state: 'waiting',
    },
  ]
  for (const { name, delivery, state } of cases) test(name, () => assert.equal(deliveryState(delivery, now), state))
})
