import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, test } from 'node:test'
import { toAppError } from '../../src/domain/errors.ts'
import { makeDatabase, type TestDatabase } from '../harness/database.ts'
import { leaseMs, makeWorker } from '../harness/worker.ts'
import { makeStage, type Stage } from '../harness/world.ts'
import { everything } from './everything.ts'
import type { AnswerLine, CallLine } from './paused-worker.ts'
import { assertSameEnd } from './same-end.ts'
import { beginTrial } from './scenarios.ts'

/**
 * A process is stopped by the system in the middle of a step, another worker takes its Operation over and finishes it, the
 * Instance is deleted, and then the first process goes on where it was.
 */
const cases = [
  { at: 'machineTypes', words: 'its calls to the provider are refused', refusedIn: 'ensure-nodes', calls: 3 },
  { at: 'canary', words: 'its writes to the store are refused', refusedIn: 'verify', calls: 0 },
]

describe('a worker that was stopped by SIGSTOP and overtaken', () => {
  for (const { at, words, refusedIn, calls } of cases) {
    test(`in ${at}: ${words}, and nothing changes`, async () => {
      await using database = await makeDatabase()
      const stage = await makeStage(database.db)
      const trial = await beginTrial(stage, 'create')
      // A worker that waits gives its lease back: this one must find nothing to wait for.
      await stage.simulated.provider.prepareVersion('4.3.1')
      stage.pass(200)
      await using paused = startPaused(database, stage, at)
      await paused.stopped

      stage.pass(leaseMs + 1)
      const other = makeWorker(stage)
      await other.settle()
      await assertSameEnd(trial)
      await stage.delete(trial.instanceId)
      await other.settle()
      const [rows, acts] = [await everything(trial), stage.ledger.length]

      const said = await paused.goOn()
      assert.deepEqual(said.at(-1), { ran: 1 })
      assert.ok(
        said.some((line) => isRefusal(line, refusedIn)),
        JSON.stringify(said),
      )
      assert.equal(paused.refusedCalls(), calls)
      assert.equal(stage.ledger.length, acts, 'it has touched a node')
      assert.deepEqual(await everything(trial), rows, 'it has written')
    })
  }
})

const isRefusal = (line: unknown, step: string): boolean => {
  const { failed, code } = line as { failed?: string; code?: string }
  return failed === step && code === 'Lease.Overtaken'
}

/** Starts the process and answers its calls from the stage's world; at the first call of the name it is stopped before the answer. */
function startPaused({ connection }: TestDatabase, stage: Stage, at: string) {
  const program = join(import.meta.dirname, 'paused-worker.ts')
  const settings = JSON.stringify([connection, stage.now().getTime(), leaseMs])
  const child = spawn(process.execPath, [program, settings], { stdio: ['pipe', 'pipe', 'inherit'] })
  const stopped = Promise.withResolvers<void>()
  const resumed = Promise.withResolvers<void>()
  const ended = once(child, 'close')
  const said: unknown[] = []
  let hasStopped = false
  let refused = 0

  const answer = async (line: CallLine) => {
    // What it waits for comes to pass: its clock stands still, the world's does not.
    stage.pass(200)
    const reply = await callWorld(stage, line)
    if (line.method === at && !hasStopped) {
      hasStopped = true
      child.kill('SIGSTOP')
      stopped.resolve()
      await resumed.promise
    }
    if (reply.error?.code === 'Lease.Overtaken') refused++
    child.stdin.write(`${JSON.stringify(reply)}\n`)
  }

  createInterface(child.stdout).on('line', (text) => {
    const line = JSON.parse(text) as CallLine | object
    if ('method' in line) void answer(line)
    else said.push(line)
  })
  return {
    stopped: stopped.promise,
    refusedCalls: () => refused,
    async goOn() {
      child.kill('SIGCONT')
      resumed.resolve()
      await ended
      return said
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function callWorld({ world }: Stage, { id, part, method, args }: CallLine): Promise<AnswerLine> {
  try {
    const target = world[part] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
    return { id, result: await target[method]!(...args) }
  } catch (thrown) {
    const { kind, code, message } = toAppError(thrown)
    return { id, error: { kind, code, message } }
  }
}
