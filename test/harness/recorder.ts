import type { OperationId } from '../../src/domain/id.ts'
import type { Operation } from '../../src/domain/operation.ts'
import type { Outcome } from '../../src/engine/outcome.ts'
import { nextDueAt } from '../../src/store/operation-leases.ts'
import { getOperation } from '../../src/store/operations.ts'
import { makeWorker, type TestWorker } from './worker.ts'
import type { Stage } from './world.ts'

/** A worker on a stage that keeps what each run of a step came to: its outcome, or the words it threw. */
export type Recorder = TestWorker & {
  said: { step: string; outcome: Outcome | { kind: 'threw'; message: string } }[]
  /** The outcomes of one step, in order. */
  of(step: string): (Outcome | { kind: 'threw'; message: string })[]
  /** Lets time pass until the Operation is about to run the step. */
  arriveAt(id: OperationId, step: string): Promise<Operation>
}

const mostTurns = 300

export function makeRecorder(stage: Stage): Recorder {
  const said: Recorder['said'] = []
  let stopBefore: string | undefined
  const worker = makeWorker(stage, {
    async aroundStep({ step }, run) {
      if (step === stopBefore) return { kind: 'wait', seconds: 0.001, why: 'The test has arrived.' }
      try {
        const outcome = await run()
        said.push({ step, outcome })
        return outcome
      } catch (thrown) {
        said.push({ step, outcome: { kind: 'threw', message: (thrown as Error).message } })
        throw thrown
      }
    },
  })
  return Object.assign(worker, {
    said,
    of: (step: string) => said.filter((one) => one.step === step).map(({ outcome }) => outcome),
    async arriveAt(id: OperationId, step: string) {
      stopBefore = step
      for (let turn = 0; turn < mostTurns; turn++) {
        await worker.work()
        const operation = await getOperation(stage.db, id)
        if (operation.step === step && operation.waitingReason === 'The test has arrived.') {
          stopBefore = undefined
          stage.pass(1)
          return operation
        }
        const due = (await nextDueAt(stage.db))?.getTime() ?? 0
        stage.pass(Math.max(20, due - stage.now().getTime() + 1))
      }
      throw new Error(`it never came to ${step}`)
    },
  })
}
