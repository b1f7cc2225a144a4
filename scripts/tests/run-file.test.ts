import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { identifyProcess } from '../../src/machine/process-identity.ts'
import { runFile } from './run-file.ts'

// Says to a test process that it is inside of another run, whose format it is to speak.
const { NODE_TEST_CONTEXT: _, ...env } = process.env

const begin = `import { describe, test } from 'node:test'\n`

async function runSource(source: string, limits = { testLimitSeconds: 10, fileLimitSeconds: 20 }) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-runner-'))
  const file = join(folder, 'some.test.ts')
  writeFileSync(file, begin + source)
  try {
    const { passed, failed, skipped, output } = await runFile({
      file,
      group: { name: 'some', files: [file], atOnce: 1, ...limits },
      env,
    })
    const errors = failed.map(({ name, error }) => `${name.replace(file, 'file')}: ${error}`)
    return { passed, errors, skipped: skipped.map((words) => words.replace(file, 'file')), output }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('counts tests, not the suites around them', async () => {
  const { passed, errors } = await runSource(`describe('a', () => { test('b', () => {}); test('c', () => {}) })`)
  assert.deepEqual({ passed, errors }, { passed: 2, errors: [] })
})

test('names what failed with all around it, its line and its error, and keeps what was printed', async () => {
  const { passed, errors, output } = await runSource(
    `describe('a', () => {\n test('b', () => { console.log('seen'); throw new Error('words') }) })`,
  )
  assert.equal(passed, 0)
  assert.equal(errors.length, 1)
  assert.match(errors[0]!, /^file:3 › a › b: Error: words/)
  assert.equal(output, 'seen\n')
})

test('names what was skipped and why', async () => {
  const { passed, skipped } = await runSource(`test('a', { skip: 'no such program' }, () => {})\ntest('b', () => {})`)
  assert.deepEqual({ passed, skipped }, { passed: 1, skipped: ['file › a: no such program'] })
})

test('names the test that a file was in when it took too long', async () => {
  const slow = `test('a', () => {})\ntest('b', () => new Promise((done) => setTimeout(done, 60_000)))`
  const { passed, errors } = await runSource(slow, { testLimitSeconds: 60, fileLimitSeconds: 2 })
  assert.equal(passed, 1)
  assert.match(errors.join(), /took longer than 2 s before its tests had. Not finished: b\.$/)
})

const red: [string, string, RegExp][] = [
  ['that cannot be loaded', `throw new Error('at load')`, /ended with 1 before its tests had/],
  ['without a test', `export {}`, /holds none, or ends itself/],
  [
    'that ends itself in the middle',
    `test('a', () => {})\ntest('b', () => process.exit(0))`,
    /holds none, or ends itself/,
  ],
  ['whose test hangs', `test('a', () => new Promise(() => setInterval(() => {}, 1e6)))`, /timed out after 1000ms/],
  ['that blocks', `test('a', () => { for (;;); })`, /took longer than 3 s before its tests had/],
]
for (const [name, source, error] of red) {
  test(`fails a file ${name}`, async () => {
    const { errors } = await runSource(source, { testLimitSeconds: 1, fileLimitSeconds: 3 })
    assert.equal(errors.length, 1)
    assert.match(errors[0]!, error)
  })
}

test('leaves nothing running that a file has started', async () => {
  const { passed, output } = await runSource(
    `import { spawn } from 'node:child_process'
     test('a', () => console.log(spawn('sleep', ['60'], { stdio: 'inherit' }).pid))`,
  )
  assert.equal(passed, 1)
  while (await identifyProcess(Number(output))) await new Promise(setImmediate)
})
