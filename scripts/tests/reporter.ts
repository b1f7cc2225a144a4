import { inspect } from 'node:util'
import type { TestEvent } from 'node:test/reporters'
import type { Line } from './run-file.ts'

/** One line of JSON for each test of a file, as it begins and as it ends, and one at the end of all. */
export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: Path = { begun: [], told: [] }
  for await (const event of source) {
    const line = lineOf(event, path)
    if (line) yield `${JSON.stringify(line)}\n`
  }
}

/**
 * The names that the present test is inside of, by depth. Tests are told of in the order of the file, some time after they
 * ran: `test:dequeue` comes when one begins, `test:start` when its result is about to be told.
 */
type Path = { begun: string[]; told: string[] }

function lineOf(event: TestEvent, { begun, told }: Path): Line | undefined {
  if (event.type === 'test:dequeue') {
    begun.splice(event.data.nesting, Infinity, event.data.name)
    return { kind: 'start', name: begun.join(' › ') }
  }
  if (event.type === 'test:start') {
    told.splice(event.data.nesting, Infinity, event.data.name)
    return undefined
  }
  if (event.type === 'test:summary') return { kind: 'end' }
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return undefined
  const { nesting, skip, todo, line } = event.data
  const name = [...told.slice(0, nesting), event.data.name].join(' › ')
  const reason = skip || todo
  if (reason) return { kind: 'skip', name, why: reason === true ? 'no reason given' : reason }
  if (event.type === 'test:pass') return event.data.details.type === 'suite' ? undefined : { kind: 'pass', name }
  const error: Error & { failureType?: string } = event.data.details.error
  // What failed inside has said so itself.
  if (error.failureType === 'subtestsFailed') return undefined
  return { kind: 'fail', name, ...(line !== undefined && { line }), error: inspect(error.cause ?? error) }
}
