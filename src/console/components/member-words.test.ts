import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MemberAccount } from '../api-types.ts'
import { memberStanding, whyNotMember } from './member-words.ts'

const now = Date.parse('2026-01-10T00:00:00Z')
const member = (name: string, more: Partial<MemberAccount> = {}): MemberAccount => ({
  memberId: `id-${name}`,
  name,
  role: 'administrator',
  mustChangePassword: false,
  isDisabled: false,
  sessions: 0,
  createdAt: '2026-01-01T00:00:00Z',
  lastSignedInAt: null,
  invitedUntil: null,
  ...more,
})

describe('how a member stands', () => {
  const cases: [Partial<MemberAccount>, string][] = [
    [{}, 'active'],
    [{ invitedUntil: '2026-01-11T00:00:00Z' }, 'invited'],
    [{ invitedUntil: '2026-01-10T00:00:00Z' }, 'late'],
    [{ invitedUntil: '2026-01-11T00:00:00Z', isDisabled: true }, 'disabled'],
  ]
  for (const [more, standing] of cases) {
    it(standing, () => assert.equal(memberStanding(member('anna', more), now), standing))
  }
})

describe('what may not be done to a member', () => {
  const anna = member('anna')
  const bert = member('bert')

  it('is to take the last administrator away', () => {
    for (const others of [[], [member('carl', { role: 'operator' })], [member('dora', { isDisabled: true })]]) {
      const context = { self: 'id-other', members: [anna, ...others], isWhole: true }
      for (const deed of ['demote', 'disable', 'delete'] as const) {
        assert.match(whyNotMember(deed, anna, context) ?? '', /only administrator left/)
      }
    }
  })

  it('is to shut oneself out', () => {
    const context = { self: anna.memberId, members: [anna, bert], isWhole: true }
    for (const deed of ['demote', 'disable', 'delete', 'reset'] as const) {
      assert.match(whyNotMember(deed, anna, context) ?? '', /This is you/)
      assert.equal(whyNotMember(deed, bert, context), undefined)
    }
  })

  it('is left to the server where not all are in sight', () => {
    const context = { self: 'id-other', members: [anna], isWhole: false }
    assert.equal(whyNotMember('delete', anna, context), undefined)
  })
})
