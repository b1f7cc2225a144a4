import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { identifyProcess, isSameProcess, signalProcess, startTicks } from './process-identity.ts'

const linux = { skip: process.platform !== 'linux' && 'only Linux has /proc' }

/** A program that says a word and then waits for ever. */
async function startSleeper(): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)'])
  await once(child.stdout, 'data')
  return { child, pid: child.pid! }
}

const fieldsAfterName = (state: string, ticks: string, threads = '7') =>
  [state, ...Array(16).fill('7'), threads, '7', ticks, '8 9'].join(' ')

const stats = [
  ['a plain name', `12 (java) ${fieldsAfterName('S', '4711')}`, '4711'],
  ['spaces in the name', `12 (tmux: server x) ${fieldsAfterName('R', '4711')}`, '4711'],
  ['parentheses in the name', `12 (a) S 1 (b)) ${fieldsAfterName('D', '4711')}`, '4711'],
  ['a zombie', `12 (java) ${fieldsAfterName('Z', '4711', '1')}`, undefined],
  ['a zombie whose other threads still hold what it had', `12 (java) ${fieldsAfterName('Z', '4711', '2')}`, '4711'],
  ['a dead process', `12 (java) ${fieldsAfterName('X', '4711')}`, undefined],
] as const

for (const [name, stat, ticks] of stats) {
  test(`reads the start time of ${name}`, () => assert.equal(startTicks(stat), ticks))
}

test('identifies this process, each time as the same', async () => {
  const identity = await identifyProcess(process.pid)
  assert.equal(identity?.pid, process.pid)
  assert.deepEqual(await identifyProcess(process.pid), identity)
  assert.equal(await isSameProcess(identity), true)
})

test('survives being written down as JSON', async () => {
  const identity = JSON.parse(JSON.stringify(await identifyProcess(process.pid)))
  assert.equal(await isSameProcess(identity), true)
})

test('tells another start of the same pid apart', async () => {
  const identity = await identifyProcess(process.pid)
  assert.equal(await isSameProcess({ ...identity!, startedAt: `${identity!.startedAt}0` }), false)
})

test('tells another boot with the same ticks apart', linux, async () => {
  const identity = await identifyProcess(process.pid)
  const startedAt = identity!.startedAt.replace(/^\S+/, '00000000-0000-0000-0000-000000000000')
  assert.equal(await isSameProcess({ ...identity!, startedAt }), false)
})

for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 31 - 1]) {
  test(`knows of no process with pid ${pid}`, async () => assert.equal(await identifyProcess(pid), undefined))
}

test('signals the very process, and says when it is gone', async () => {
  const { child, pid } = await startSleeper()
  const identity = (await identifyProcess(pid))!
  const ended = once(child, 'exit')
  assert.equal(await signalProcess({ ...identity, startedAt: 'another' }, 'SIGKILL'), false)
  assert.equal(await isSameProcess(identity), true)
  assert.equal(await signalProcess(identity, 'SIGKILL'), true)
  assert.deepEqual(await ended, [null, 'SIGKILL'])
  assert.equal(await signalProcess(identity, 'SIGKILL'), false)
})

test('takes a zombie for gone', linux, async () => {
  // Before its child ends the shell has become a `sleep` that knows of no child, and never reads how it ended.
  const child = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'])
  try {
    const [line] = await once(child.stdout, 'data')
    const pid = Number(String(line))
    while (!/\) Z /.test(await readFile(`/proc/${pid}/stat`, 'utf8'))) await new Promise(setImmediate)
    assert.equal(await identifyProcess(pid), undefined)
  } finally {
    child.kill('SIGKILL')
  }
})
