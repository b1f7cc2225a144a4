import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvRow } from './csv.ts'

const cases: [what: string, value: unknown, cell: string][] = [
  ['a word stays', 'anna', 'anna'],
  ['nothing is empty', null, ''],
  ['a number is its digits', 12, '12'],
  ['a comma is quoted', 'a,b', '"a,b"'],
  ['a quote is doubled', 'a"b', '"a""b"'],
  ['a line break is quoted', 'a\nb', '"a\nb"'],
  ['an object is its JSON', { role: 'viewer' }, '"{""role"":""viewer""}"'],
  ['a formula is a text', '=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['a sum is a text', '+1', "'+1"],
]
for (const [what, value, cell] of cases) test(what, () => assert.equal(csvRow([value, 'z']), `${cell},z\r\n`))
