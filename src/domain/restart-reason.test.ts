import assert from 'node:assert/strict'
import { test } from 'node:test'
import { restartReasons, type RestartQuestion } from './restart-reason.ts'

const wanted = { version: '4.3.1', configs: { 'log.retention.hours': '24' }, heapMiB: 256 }
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second))

const cases: [string, Partial<RestartQuestion>, string[]][] = [
  ['runs as it should', {}, []],
  ['another version', { running: { ...wanted, version: '4.2.1' } }, ['version 4.2.1 → 4.3.1']],
  [
    'a setting changed',
    { running: { ...wanted, configs: { 'log.retention.hours': '1' } } },
    ['settings log.retention.hours'],
  ],
  ['a setting taken away', { wanted: { ...wanted, configs: {} } }, ['settings log.retention.hours']],
  ['a setting new', { running: { ...wanted, configs: {} } }, ['settings log.retention.hours']],
  ['another heap', { running: { ...wanted, heapMiB: 512 } }, ['heap 512 → 256 MiB']],
  ['started before it was asked for', { startedAt: at(1), askedAt: at(2) }, ['asked for']],
  ['started after it was asked for', { startedAt: at(3), askedAt: at(2) }, []],
  ['nobody knows', { running: null }, ['nobody knows what it runs with']],
]
for (const [name, question, reasons] of cases) {
  test(name, () => {
    assert.deepEqual(restartReasons({ running: wanted, wanted, startedAt: null, askedAt: null, ...question }), reasons)
  })
}
