import assert from 'node:assert/strict'
import type { Outcome } from '../../src/engine/outcome.ts'
import type { Database } from '../../src/store/database.ts'
import { leaseMs, makeWorker, type TestWorker } from '../harness/worker.ts'
import { makeStage } from '../harness/world.ts'
import { beginTrial, type Trial } from './scenarios.ts'

/** What a hook has in its hands: the step's code, the worker that runs it, and the trial with its stage. */
export type Hand = { trial: Trial; worker: TestWorker; run(): Promise<Outcome> }

export type Arrival = { trial: Trial; worker: TestWorker }

/**
 * Begins a trial and lets a worker go on; at the first run of the step, and only there, the hook stands in its place. `turnsAt`:
 * where a person cancels before.
 */
export async function arriveAt(
  db: Database,
  { name, step, turnsAt }: { name: string; step: string; turnsAt?: string },
  hook: (hand: Hand) => Promise<Outcome>,
): Promise<Arrival> {
  const trial = await beginTrial(await makeStage(db), name)
  const seen = new Set<string>()
  const worker = makeWorker(trial.stage, {
    async aroundStep(visit, run, self) {
      const isFirst = visit.kind === trial.scenario.kind && !seen.has(visit.step)
      seen.add(visit.step)
      if (isFirst && visit.step === turnsAt) await trial.stage.control(trial.operationId, 'cancel')
      return isFirst && visit.step === step ? await hook({ trial, worker: self, run }) : await run()
    },
  })
  await worker.settle()
  assert.ok(seen.has(step), `never came to ${step}`)
  return { trial, worker }
}

/** Another worker goes on when the dead one's lease is over; then the dead one wakes up and finds itself overtaken. */
export async function takeOver({ trial, worker }: Arrival): Promise<void> {
  assert.ok(worker.isDead(), 'the worker has not died')
  trial.stage.pass(leaseMs + 1)
  await makeWorker(trial.stage).settle()
  await worker.bury()
}
