import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ServiceAccount } from '../api-types.ts'
import { accountWords, formerKeyEndsAt } from './service-account-words.ts'

const now = Date.parse('2026-01-10T00:00:00Z')
const account = (more: Partial<ServiceAccount> = {}): ServiceAccount => ({
  serviceAccountId: 'sa-1',
  name: 'terraform',
  role: 'operator',
  instanceIds: null,
  expiresAt: null,
  isDisabled: false,
  createdBy: 'admin',
  createdAt: '2026-01-01T00:00:00Z',
  lastUsedAt: null,
  accessKeys: [],
  ...more,
})

describe('how a service account stands', () => {
  const cases: [Partial<ServiceAccount>, string, string][] = [
    [{}, 'Active', 'good'],
    [{ expiresAt: '2026-02-10T00:00:00Z' }, 'Active', 'good'],
    [{ expiresAt: '2026-01-13T05:00:00Z' }, 'Ends in 3 d', 'warn'],
    [{ expiresAt: '2026-01-10T05:00:00Z' }, 'Ends in 5 h', 'warn'],
    [{ expiresAt: '2026-01-10T00:00:00Z' }, 'Expired', 'bad'],
    [{ expiresAt: '2026-01-10T00:00:00Z', isDisabled: true }, 'Disabled', 'calm'],
  ]
  for (const [more, label, tone] of cases) {
    it(label, () => {
      const words = accountWords(account(more), now)
      assert.deepEqual([words.label, words.tone], [label, tone])
    })
  }
})

it('tells of a former key pair only while it goes on', () => {
  const key = (accessKey: string, endsAt: string | null) => ({ accessKey, endsAt, createdAt: '', lastUsedAt: null })
  const later = '2026-01-11T00:00:00Z'
  assert.equal(formerKeyEndsAt(account({ accessKeys: [key('b', null), key('a', later)] }), now), later)
  assert.equal(
    formerKeyEndsAt(account({ accessKeys: [key('b', null), key('a', '2026-01-09T00:00:00Z')] }), now),
    undefined,
  )
})
