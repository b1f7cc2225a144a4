import { spawnSync } from 'node:child_process'
import { chooseGroups, groupNames } from './tests/groups.ts'
import { killRunningFiles } from './tests/run-file.ts'
import { stopServers } from './tests/servers.ts'
import { runGroup, type GroupResult } from './tests/run-group.ts'

/** The whole suite, or the groups named: `npm test -- rule api`. The last line counts tests. */
const names = process.argv.slice(2)
const unknown = names.filter((name) => !groupNames.includes(name))
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(', ')}. The groups: ${groupNames.join(', ')}.`)
  process.exit(2)
}

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopping.abort()
    killRunningFiles()
  })
}

const results: GroupResult[] = []
if (names.length === 0 || names.includes('verify')) results.push(verify())
try {
  for (const group of chooseGroups(names)) {
    if (!stopping.signal.aborted) results.push(await runGroup(group, stopping.signal))
  }
} finally {
  await stopServers()
}

const skipped = results.flatMap((result) => result.skipped)
for (const words of skipped) console.log(`Skipped: ${words}`)
if (stopping.signal.aborted) console.log('Stopped before the end.')
const passed = results.reduce((total, result) => total + result.passed, 0)
const failed = results.reduce((total, result) => total + result.failed, 0)
console.log(`\n${passed} passed, ${failed} failed`)
// Whatever a test has left open must not keep us here.
process.exit(failed > 0 || passed === 0 || stopping.signal.aborted ? 1 : 0)

/** Counts as one test. */
function verify(): GroupResult {
  console.log('== verify')
  const { status } = spawnSync(process.execPath, ['scripts/verify.ts'], { stdio: 'inherit' })
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: [] }
}
