import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { processArguments } from './process-arguments.ts'
import { until } from './until.ts'

const starts = {
  'a database': `import { startTestServer } from ${here('./postgres-server.ts')}
    await startTestServer()`,
  'a Millrace with its database': `import { startMillrace } from ${here('./browser.ts')}
    await startMillrace()`,
}
for (const [what, start] of Object.entries(starts)) {
  test(`${what} does not outlive the run that started it, even one that is killed`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-mourned-'))
    const program = `${start}
      console.log('started')
      process.kill(process.pid, 'SIGKILL')`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [printed] = await once(child.stdout, 'data')
    assert.equal(String(printed), 'started\n')
    await until(async () => (await readdir(folder)).length === 0, 60_000)
    await until(async () => !(await processArguments()).includes(folder))
    await rm(folder, { recursive: true })
  })
}

function here(path: string): string {
  return JSON.stringify(new URL(path, import.meta.url))
}
