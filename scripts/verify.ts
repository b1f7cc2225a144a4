import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'

/** Everything that can be told without running Millrace, side by side. `npm test` begins with it. */
const node = process.execPath
const tool = (path: string, ...args: string[]) => [`node_modules/${path}`, ...args]

const checks: Record<string, string[]> = {
  format: tool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '--cache', '.'),
  lint: tool('oxlint/bin/oxlint'),
  types: tool('typescript/bin/tsc', '-p', 'tsconfig.json'),
  'types of the console': tool('typescript/bin/tsc', '-p', 'src/console'),
  imports: ['scripts/check-imports.ts'],
}
// Until there are routes there is nothing to generate from them.
if (existsSync('scripts/generate.ts')) checks['generated files'] = ['scripts/generate.ts', '--check']

type Result = { name: string; ok: boolean; output: string; seconds: string }

async function run(name: string, args: string[]): Promise<Result> {
  const begin = performance.now()
  const outcome = await promisify(execFile)(node, args, { maxBuffer: 2 ** 26 }).then(
    ({ stdout, stderr }) => ({ ok: true, output: stdout + stderr }),
    ({ stdout, stderr, message }) => ({ ok: false, output: `${stdout}${stderr}` || message }),
  )
  return { name, ...outcome, seconds: ((performance.now() - begin) / 1000).toFixed(1) }
}

const results = await Promise.all(Object.entries(checks).map(([name, args]) => run(name, args)))
for (const { name, ok, output, seconds } of results) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (!ok || name === 'imports') console.log(output.trimEnd())
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
