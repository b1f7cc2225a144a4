import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { homeHolder, lockHome } from './home-lock.ts'

/** A home that is removed at the end of the test. */
function makeHome() {
  const path = mkdtempSync(join(tmpdir(), 'millrace-home-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

/** Another Millrace: says what became of its try at the lock, then holds it until it is killed. */
function startRival(home: string) {
  const program = `
    import { lockHome } from ${JSON.stringify(new URL('./home-lock.ts', import.meta.url))}
    console.log(await lockHome(${JSON.stringify(home)}).then(() => 'holds', (error) => error.message))
    setInterval(() => {}, 1e6)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const answer = once(createInterface(child.stdout), 'line').then(([line]) => String(line))
  const kill = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return { pid: child.pid!, answer, kill }
}

test('refuses a second Millrace on the same home, naming the holder and what to do', async () => {
  using home = makeHome()
  const rival = startRival(home.path)
  assert.equal(await rival.answer, 'holds')
  await assert.rejects(lockHome(home.path), (error: Error) => {
    assert.match(error.message, new RegExp(`process ${rival.pid}\\b.*kill ${rival.pid}.*MILLRACE_HOME`))
    return true
  })
  await rival.kill()
})

test('takes over from a holder that was killed', async () => {
  using home = makeHome()
  const rival = startRival(home.path)
  assert.equal(await rival.answer, 'holds')
  await rival.kill()
  const lock = await lockHome(home.path)
  assert.equal((await homeHolder(home.path))?.pid, process.pid)
  await lock.release()
})

test('is not misled by the pid of a holder that another process now has', async () => {
  using home = makeHome()
  writeFileSync(join(home.path, 'lock.holder'), JSON.stringify({ pid: process.ppid, startedAt: 'before' }))
  const lock = await lockHome(home.path)
  await lock.release()
})

test('lets one of several win that start at one moment', async () => {
  using home = makeHome()
  const rivals = [1, 2, 3, 4].map(() => startRival(home.path))
  const answers = await Promise.all(rivals.map((rival) => rival.answer))
  assert.equal(answers.filter((answer) => answer === 'holds').length, 1, answers.join('\n'))
  await Promise.all(rivals.map((rival) => rival.kill()))
})

test('is free again after release, and releasing twice is once', async () => {
  using home = makeHome()
  const lock = await lockHome(home.path)
  await lock.release()
  await lock.release()
  assert.equal(await homeHolder(home.path), undefined)
  const next = await lockHome(home.path)
  await next.release()
})

test('makes the home where there is none, closed to other users', async () => {
  using parent = makeHome()
  const home = join(parent.path, 'a', 'b')
  const lock = await lockHome(home)
  assert.equal(statSync(home).mode & 0o777, 0o700)
  await lock.release()
})

test('draws the id of a home once', async () => {
  using home = makeHome()
  using other = makeHome()
  const ids = []
  for (const path of [home.path, home.path, other.path]) {
    const lock = await lockHome(path)
    ids.push(lock.homeId)
    await lock.release()
  }
  assert.match(ids[0]!, /^[a-z0-9]{16}$/)
  assert.equal(ids[1], ids[0])
  assert.notEqual(ids[2], ids[0])
  assert.deepEqual(readdirSync(home.path).sort(), ['home-id', 'lock'])
})

test('refuses a damaged home id rather than draw another', async () => {
  using home = makeHome()
  writeFileSync(join(home.path, 'home-id'), 'half')
  await assert.rejects(lockHome(home.path), /home-id is damaged/)
})
