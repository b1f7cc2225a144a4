import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { auditExportHref, auditFilterOf, readAuditSearch } from './audit-search.ts'

describe('the address of the audit', () => {
  it('holds who, what, where and when', () => {
    const search = {
      keyword: '12',
      action: 'member',
      subject: '34',
      instanceId: 'kf-1',
      from: '2026-01-02',
      to: '2026-01-03',
      page: 2,
    }
    assert.deepEqual(readAuditSearch({ ...search, keyword: 12, subject: 34 }), search)
  })

  it('leaves out what it does not understand', () => {
    assert.deepEqual(
      readAuditSearch({ action: 'Nonsense!', from: '2026-99-99', to: 'soon', page: 0, instanceId: {} }),
      {},
    )
  })

  it('asks for whole days, the last one included', () => {
    const { from, to } = auditFilterOf({ from: '2026-01-02', to: '2026-01-02' })
    assert.equal(Date.parse(to!) - Date.parse(from!), 24 * 3600_000)
  })

  it('exports what is shown, from the first page on', () => {
    const href = auditExportHref({ keyword: 'a&b', action: 'member.invite', page: 3 }, 'csv')
    assert.equal(href, '/api/v1/audit-events.csv?actor=a%26b&action=member.invite')
    assert.equal(auditExportHref({ subject: 'anna' }, 'jsonl'), '/api/v1/audit-events.jsonl?subject=anna')
    assert.equal(auditExportHref({}, 'jsonl'), '/api/v1/audit-events.jsonl')
  })
})
