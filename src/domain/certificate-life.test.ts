import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AuthorityStanding } from './authority-standing.ts'
import { dueExchange, takesOverAt } from './certificate-life.ts'

const end = new Date('2036-01-01T00:00:00Z')
const before = (days: number) => new Date(end.getTime() - days * 86_400_000)

describe('an authority takes over from the one that ends', () => {
  const cases: [promise: string, publishedDaysBefore: number, daysBefore: number][] = [
    ['a year before its end, when it was published in time', 730, 365],
    ['a year before its end, when it was published long ago', 3_000, 365],
    ['three months after it was published late', 300, 210],
    ['a month before the end, when it was published very late', 100, 30],
  ]
  for (const [promise, publishedDaysBefore, daysBefore] of cases) {
    test(promise, () => assert.deepEqual(takesOverAt(end, before(publishedDaysBefore)), before(daysBefore)))
  }
})

describe('Millrace exchanges an authority by itself', () => {
  const settled: AuthorityStanding = { oldest: 1, signing: 1, newest: 1 }
  const published: AuthorityStanding = { oldest: 1, signing: 1, newest: 2 }
  const halfWay: AuthorityStanding = { oldest: 1, signing: 2, newest: 2 }
  const cases: [promise: string, standing: AuthorityStanding, daysLeft: number, goal: string | null][] = [
    ['not while there is time', settled, 731, null],
    ['by publishing the next one', settled, 729, 'published'],
    ['not before clients have had their time', published, 366, null],
    ['by letting it take over', published, 364, 'exchanged'],
    ['by ending what was left half-way', halfWay, 364, 'exchanged'],
  ]
  for (const [promise, standing, daysLeft, goal] of cases) {
    test(promise, () => assert.equal(dueExchange(standing, { end, publishedAt: before(725) }, before(daysLeft)), goal))
  }
})
