import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accountProblems, draftOfAccount, emptyAccount, termsOf } from './account-draft.ts'

const now = Date.parse('2026-01-10T12:00:00Z')

describe('the draft of a service account', () => {
  it('ends after so many days, on a day, or never', () => {
    const end = (draft: object) => termsOf({ ...emptyAccount, ...draft }, now).expiresAt
    assert.equal(end({ ends: '30' }), '2026-02-09T12:00:00.000Z')
    assert.equal(end({ ends: 'never' }), null)
    assert.equal(end({ ends: 'on', endDay: '2026-03-01' }), new Date('2026-03-02T00:00:00').toISOString())
  })

  it('leaves an end as it is when another field is changed', () => {
    const before = {
      serviceAccountId: 'sa-1',
      name: 'ci',
      role: 'viewer' as const,
      instanceIds: null,
      isDisabled: false,
      createdBy: 'admin',
      createdAt: '',
      lastUsedAt: null,
      accessKeys: [],
      expiresAt: '2026-03-01T07:08:09.000Z',
    }
    const draft = { ...draftOfAccount(before), role: 'operator' as const }
    assert.deepEqual(termsOf(draft, now, before), {
      role: 'operator',
      instanceIds: null,
      expiresAt: before.expiresAt,
    })
  })

  it('names what is wrong by the server’s fields', () => {
    assert.deepEqual(accountProblems(emptyAccount), {})
    assert.deepEqual(Object.keys(accountProblems({ ...emptyAccount, instanceIds: [] })), ['instanceIds'])
    assert.match(
      accountProblems({ ...emptyAccount, role: 'administrator', instanceIds: ['kf-1'] })['instanceIds'] ?? '',
      /reaches all/,
    )
    assert.deepEqual(accountProblems({ ...emptyAccount, ends: 'on' }), { expiresAt: 'Choose the day.' })
  })
})
