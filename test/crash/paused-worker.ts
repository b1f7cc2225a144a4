import { createInterface } from 'node:readline'
import { AppError, type ErrorKind } from '../../src/domain/errors.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { runOperation } from '../../src/engine/worker.ts'
import type { KafkaClusters } from '../../src/kafka/cluster.ts'
import { registry } from '../../src/operations/registry.ts'
import type { World } from '../../src/operations/world.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { openDatabase } from '../../src/store/database.ts'
import { claimDueOperations } from '../../src/store/operation-leases.ts'
import { catalogue } from '../harness/world.ts'

/**
 * A worker in a process of its own, for `paused-worker.test.ts`: takes the Operations that are due, runs them, says how many,
 * and ends. The world is the other process's: every call goes there as a line of JSON, and its answer comes back as one.
 */
export type CallLine = { id: number; part: 'provider' | 'clusters'; method: string; args: unknown[] }
export type AnswerLine = { id: number; result?: unknown; error?: { kind: ErrorKind; code: string; message: string } }

const answers = new Map<number, (answer: AnswerLine) => void>()
const input = createInterface(process.stdin).on('line', (line) => {
  const answer = JSON.parse(line) as AnswerLine
  answers.get(answer.id)?.(answer)
})

let count = 0

async function call(part: CallLine['part'], method: string, args: unknown[]): Promise<unknown> {
  const line: CallLine = { id: count++, part, method, args }
  const answered = new Promise<AnswerLine>((resolve) => answers.set(line.id, resolve))
  console.log(JSON.stringify(line))
  const { result, error } = await answered
  if (error) throw new AppError(error.kind, error.code, error.message)
  return result
}

const remote = (part: CallLine['part']) =>
  new Proxy(
    {},
    {
      get:
        (_target, method) =>
        (...args: unknown[]) =>
          call(part, String(method), args),
    },
  )

const [connection, nowMs, leaseMs] = JSON.parse(process.argv[2]!) as [{ host: string }, number, number]
const db = openDatabase(connection)
const engine: Engine<World> = {
  db,
  registry,
  world: { provider: remote('provider') as Provider, clusters: remote('clusters') as KafkaClusters, catalogue },
  owner: 'the paused one',
  leaseMs,
  now: () => new Date(nowMs),
  chance: () => 0,
  log: {
    stepFailed: (_id, step, { code }) => console.log(JSON.stringify({ failed: step, code })),
    leaseLost() {},
    unexpected: (where, thrown) => console.error(where, thrown),
  },
}
const leases = await claimDueOperations(db, { owner: engine.owner, now: engine.now(), leaseMs, limit: 10 })
await Promise.all(leases.map((lease) => runOperation(engine, lease)))
console.log(JSON.stringify({ ran: leases.length }))
await db.destroy()
input.close()
process.stdin.destroy()
