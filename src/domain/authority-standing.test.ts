import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  firstStanding,
  nextMove,
  standingAfter,
  standingReasons,
  standingWords,
  trustedIn,
  type AuthorityStanding,
  type ExchangeGoal,
} from './authority-standing.ts'

const standing = (oldest: number, signing: number, newest: number): AuthorityStanding => ({ oldest, signing, newest })
const [published, takenOver, exchanged] = [standing(1, 1, 2), standing(1, 2, 2), standing(2, 2, 2)]

describe('an exchange of the authority', () => {
  const goals: [from: AuthorityStanding, goal: ExchangeGoal, to: AuthorityStanding][] = [
    [firstStanding, 'published', published],
    [firstStanding, 'exchanged', exchanged],
    [published, 'published', published],
    [published, 'exchanged', exchanged],
    [takenOver, 'published', takenOver],
    [takenOver, 'exchanged', exchanged],
    [exchanged, 'exchanged', standing(3, 3, 3)],
  ]
  for (const [from, goal, to] of goals) {
    test(`until ${goal} leads from ${standingWords(from)} to ${standingWords(to)}`, () =>
      assert.deepEqual(standingAfter(from, goal), to))
  }

  const moves: [at: AuthorityStanding, target: AuthorityStanding, next: AuthorityStanding | null][] = [
    [firstStanding, exchanged, published],
    [published, exchanged, takenOver],
    [takenOver, exchanged, exchanged],
    [exchanged, exchanged, null],
    [firstStanding, published, published],
    [published, published, null],
    // Somebody's own exchange came first and went further.
    [exchanged, published, null],
  ]
  for (const [at, target, next] of moves) {
    test(`towards ${standingWords(target)} goes on from ${standingWords(at)}`, () =>
      assert.deepEqual(nextMove(at, target), next))
  }

  test('never shows a node what another does not trust: neither before a move nor after it, nor while a roll is half-way', () => {
    for (let at: AuthorityStanding = firstStanding; ;) {
      const next = nextMove(at, exchanged)
      if (!next) break
      for (const [shown, trusting] of [
        [at, next],
        [next, at],
      ] as const)
        assert.ok(trustedIn(trusting).includes(shown.signing))
      at = next
    }
  })

  test('starts a node again once for each move that it lacks', () => {
    assert.deepEqual(standingReasons(exchanged, exchanged), [])
    assert.equal(standingReasons(published, takenOver).length, 1)
    assert.equal(standingReasons(firstStanding, exchanged).length, 3)
  })
})
