import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everything, nothing, restartReasons, type RestartQuestion } from './restart-reason.ts'

const wanted = {
  version: '4.3.1',
  configs: { 'log.retention.hours': '24' },
  heapMiB: 256,
  security: { mark: 'a' },
}
const otherVersion = { ...wanted, version: '4.2.1' }
const otherSetting = { ...wanted, configs: { 'log.retention.hours': '1' } }
const otherListeners = { ...wanted, security: { mark: 'b' } }

const trusting = { ...wanted, security: { mark: 'a', authority: { oldest: 1, signing: 1, newest: 2 } } }

const exchange = { ...nothing, authority: true }
const trustNew = 'to trust the new certificate authority'

const cases: [string, Partial<RestartQuestion>, string[]][] = [
  ['runs as it should', {}, []],
  ['another version', { running: otherVersion }, ['version 4.2.1 → 4.3.1']],
  ['a setting changed', { running: otherSetting }, ['settings log.retention.hours']],
  ['a setting taken away', { wanted: { ...wanted, configs: {} } }, ['settings log.retention.hours']],
  ['a setting new', { running: { ...wanted, configs: {} } }, ['settings log.retention.hours']],
  ['other listeners', { running: otherListeners }, ['listeners']],
  ['another heap', { running: { ...wanted, heapMiB: 512 } }, []],
  ['an authority to trust, in its exchange', { wanted: trusting, about: exchange }, [trustNew]],
  ['an authority to trust, in a change of something else', { wanted: trusting }, []],
  ['an authority trusted already', { wanted: trusting, running: trusting, about: exchange }, []],
  ['asked for', { asked: 'asked for' }, ['asked for']],
  ['nobody knows', { running: null }, ['nobody knows what it runs with']],
  ['another version, in a change of something else', { running: otherVersion, about: nothing }, []],
  ['a setting, in a change of another', { running: otherSetting, about: { ...nothing, settings: ['a.b'] } }, []],
  ['other listeners, in a change of something else', { running: otherListeners, about: nothing }, []],
  ['nobody knows, in a change that alters no start', { running: null, about: nothing }, []],
  ['nobody knows, when asked for', { running: null, about: nothing, asked: 'asked for' }, ['asked for']],
]
for (const [name, question, reasons] of cases) {
  test(name, () => {
    assert.deepEqual(restartReasons({ running: wanted, wanted, about: everything, asked: null, ...question }), reasons)
  })
}
