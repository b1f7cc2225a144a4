import { missingFor, type Group } from './groups.ts'
import { serverFor } from './servers.ts'
import { runFile, type FileResult } from './run-file.ts'

export type GroupResult = { passed: number; failed: number; skipped: string[] }

/** Runs the files of a group on one PostgreSQL, and prints each as it ends: what failed in full, the rest in a line. */
export async function runGroup(group: Group, stopping: AbortSignal): Promise<GroupResult> {
  console.log(`\n== ${group.name}`)
  const missing = missingFor(group)
  if (missing) return { passed: 0, failed: 0, skipped: [`${group.name}: ${missing}`] }
  if (group.files.length === 0) {
    console.log('FAILED  It has no files.')
    return { passed: 0, failed: 1, skipped: [] }
  }
  const env = { ...cleanEnvironment(), MILLRACE_TEST_SERVER: await serverFor(group.postgres) }
  return sum(await runAll(group, env, stopping))
}

async function runAll(group: Group, env: NodeJS.ProcessEnv, stopping: AbortSignal): Promise<FileResult[]> {
  const results: FileResult[] = []
  const waiting = group.files.values()
  async function work(): Promise<void> {
    // One iterator for all: each file goes to who is free.
    for (const file of waiting) {
      if (stopping.aborted) return
      const result = await runFile({ file, group, env })
      print(result)
      results.push(result)
    }
  }
  await Promise.all(Array.from({ length: group.atOnce }, work))
  return results
}

/** The settings of whoever runs the tests are not theirs: they might be of a database in use. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(MILLRACE_.*|DATABASE_URL|HOST|PORT|LOG_LEVEL|PG[A-Z]+|NODE_OPTIONS)$/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}

function print({ file, passed, failed, skipped, output, seconds }: FileResult): void {
  const counts = [
    `${passed} passed`,
    failed.length && `${failed.length} FAILED`,
    skipped.length && `${skipped.length} skipped`,
  ]
  console.log(
    `${failed.length > 0 ? 'FAILED' : 'ok    '}  ${file} (${counts.filter(Boolean).join(', ')}, ${seconds.toFixed(1)} s)`,
  )
  if (failed.length === 0) return
  for (const { name, error } of failed) console.log(`\n  ✖ ${name}\n${indent(error)}`)
  if (output.trim()) console.log(`\n  It printed:\n${indent(output.trimEnd())}`)
  console.log()
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ')
}

function sum(results: FileResult[]): GroupResult {
  return {
    passed: results.reduce((total, { passed }) => total + passed, 0),
    failed: results.reduce((total, { failed }) => total + failed.length, 0),
    skipped: results.flatMap(({ skipped }) => skipped),
  }
}
