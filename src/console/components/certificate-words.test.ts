import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Certificate } from '../api-types.ts'
import { certificateRows } from './certificate-words.ts'

type Told = Pick<Certificate, 'kind' | 'madeBy' | 'notAfter' | 'daysLeft'> & Partial<Certificate>

const certificate = (told: Told) => ({ subject: 'CN=kafka', warning: null, ...told }) as Certificate

test('of each kind of certificate the one that ends first is told, and who has to see to it', () => {
  const rows = certificateRows([
    certificate({ kind: 'node', madeBy: 'Millrace', notAfter: '2026-03-01T00:00:00Z', daysLeft: 60 }),
    certificate({ kind: 'authority', madeBy: 'Millrace', notAfter: '2036-01-01T00:00:00Z', daysLeft: 3_650 }),
    certificate({
      kind: 'node',
      madeBy: 'Millrace',
      notAfter: '2026-01-30T00:00:00Z',
      daysLeft: 29,
      warning: 'It ends.',
    }),
    certificate({ kind: 'chain', madeBy: 'user', notAfter: '2026-01-06T00:00:00Z', daysLeft: 5 }),
  ])
  assert.deepEqual(
    rows.map(({ label, end, tone, subject }) => [label, end, tone, subject]),
    [
      ['The Instance’s authority', 'Ends 2036-01-01, in 3,650 days', 'calm', null],
      ['Nodes', 'Ends 2026-01-30, in 29 days', 'warn', null],
      ['Your certificate', 'Ends 2026-01-06, in 5 days', 'bad', 'CN=kafka'],
    ],
  )
  assert.match(rows[1]!.actor, /^Millrace renews/)
  assert.match(rows[2]!.actor, /^You exchange/)
})

test('a certificate that ended says so', () => {
  const ended = { kind: 'chain', madeBy: 'user', notAfter: '2026-01-06T00:00:00Z', daysLeft: -1 } as const
  const [row] = certificateRows([certificate(ended)])
  assert.match(row!.end, /^Ended .*2026/)
  assert.equal(row!.tone, 'bad')
})
