import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Group } from './groups.ts'

/** What the reporter writes. */
export type Line =
  | { kind: 'start' | 'pass'; name: string }
  | { kind: 'skip'; name: string; why: string }
  | { kind: 'fail'; name: string; line?: number; error: string }
  | { kind: 'end' }

export type FileResult = {
  file: string
  passed: number
  skipped: string[]
  failed: { name: string; error: string }[]
  /** All that it printed. */
  output: string
  seconds: number
}

export type FileRun = { file: string; group: Group; env: NodeJS.ProcessEnv }

const running = new Set<ChildProcess>()

/** Ends whatever still runs, with all that it has started. */
export function killRunningFiles(): void {
  for (const child of running) killWithChildren(child)
}

/**
 * One file in a process of its own. It fails if any test fails, and also if it ends before all its tests have, ends with
 * an error, takes too long, or holds no test: each of these would be green to who counts failures alone.
 */
export async function runFile({ file, group, env }: FileRun): Promise<FileResult> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-report-'))
  const report = join(folder, 'lines')
  const begin = performance.now()
  const args = [
    '--test-force-exit',
    `--test-timeout=${group.testLimitSeconds * 1000}`,
    `--test-reporter=${import.meta.resolve('./reporter.ts')}`,
    `--test-reporter-destination=${report}`,
    file,
  ]
  // In a group of its own, so that what it has started ends with it.
  const child = spawn(process.execPath, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const { ending, output } = await watch(child, group.fileLimitSeconds)
  const lines = await readFile(report, 'utf8').then(parseLines, () => [])
  await rm(folder, { recursive: true })
  const failed = [...lines.flatMap((line) => failureIn(file, line)), ...failureOfFile({ file, ending, lines })]
  const passed = lines.filter(({ kind }) => kind === 'pass').length
  const skipped = lines.flatMap((line) => (line.kind === 'skip' ? [`${file} › ${line.name}: ${line.why}`] : []))
  return { file, passed, skipped, failed, output, seconds: (performance.now() - begin) / 1000 }
}

async function watch(child: ChildProcess, limitSeconds: number): Promise<{ ending: string; output: string }> {
  running.add(child)
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  let late = false
  const timer = setTimeout(() => {
    late = true
    killWithChildren(child)
  }, limitSeconds * 1000)
  const [code, signal] = await once(child, 'exit')
  clearTimeout(timer)
  running.delete(child)
  // What it left behind may hold its output open.
  killWithChildren(child)
  return { ending: late ? `took longer than ${limitSeconds} s` : `ended with ${signal ?? code}`, output }
}

function killWithChildren({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}

function parseLines(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line))
}

function failureIn(file: string, line: Line): { name: string; error: string }[] {
  if (line.kind !== 'fail') return []
  return [{ name: `${file}${line.line ? `:${line.line}` : ''} › ${line.name}`, error: line.error }]
}

type Outcome = { file: string; ending: string; lines: Line[] }

function failureOfFile({ file, ending, lines }: Outcome): { name: string; error: string }[] {
  const ended = lines.some(({ kind }) => kind === 'end')
  const hasFailure = lines.some(({ kind }) => kind === 'fail')
  if (lines.length === 0 && ending === 'ended with 0')
    return [{ name: file, error: 'The file told of no test: it holds none, or ends itself.' }]
  if (!ended) return [{ name: file, error: `The file ${ending} before its tests had. ${unfinished(lines)}`.trim() }]
  if (ending !== 'ended with 0' && !hasFailure) return [{ name: file, error: `All tests passed, but it ${ending}.` }]
  return []
}

function unfinished(lines: Line[]): string {
  const done = new Set(lines.flatMap((line) => (line.kind === 'pass' || line.kind === 'fail' ? [line.name] : [])))
  const names = lines.flatMap((line) => (line.kind === 'start' && !done.has(line.name) ? [line.name] : []))
  return names.length > 0 ? `Not finished: ${names.join(', ')}.` : ''
}
