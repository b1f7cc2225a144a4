import { AppError, toAppError } from '../domain/errors.ts'
import type { PublicError } from '../domain/operation.ts'
import { databaseTrouble } from '../store/database-trouble.ts'
import { holdInstance } from '../store/instances.ts'
import { holdsLease, type Lease } from '../store/operation-leases.ts'
import { findStep, type AnyOperationDefinition, type StepContext, type StepDefinition } from './define-operation.ts'
import type { Engine } from './engine.ts'
import { verdictOn, wait } from './outcome.ts'
import { storeOutcome, turnToCancel, type Finding, type Visit } from './store-outcome.ts'

/** Runs one step of a leased Operation and stores what came of it. Returns the lease while there is more to do at once. */
export async function runStep<W>(engine: Engine<W>, lease: Lease): Promise<Lease | undefined> {
  const { operation } = lease
  const definition = engine.registry.find(operation.kind)
  const step = definition && findStep(definition, operation.step)
  if (!step) return await leaveToNewer(engine, lease)

  const visit: Visit<W> = { definition, lease, notes: { ...operation.notes } }
  const turn = turnToCancel(definition, lease)
  return await storeOutcome(engine, visit, turn ?? (await findOut(engine, visit, step)))
}

/** Runs the step's code; a throw becomes a finding too. */
async function findOut<W>(engine: Engine<W>, visit: Visit<W>, step: StepDefinition<W, string>): Promise<Finding> {
  const { operation } = visit.lease
  try {
    return await step.run(contextFor(engine, visit))
  } catch (thrown) {
    const error = databaseTrouble(thrown) ?? toAppError(thrown)
    engine.log.stepFailed(operation.id, operation.step, error)
    const verdict = verdictOn(error, operation.failures)
    return verdict.kind === 'retry' ? { kind: 'retry', error: publicPart(error) } : verdict
  }
}

const publicPart = ({ code, message, detail }: AppError): PublicError => ({ code, message, ...(detail && { detail }) })

export function contextFor<W>(engine: Engine<W>, { lease, notes }: Omit<Visit<W>, 'definition'>): StepContext<W> {
  const { operation, epoch } = lease
  return {
    operationId: operation.id,
    instanceId: operation.instanceId,
    environmentId: operation.environmentId,
    operation,
    world: engine.world,
    db: engine.db,
    fence: { epoch },
    notes,
    remember: (more) => void Object.assign(notes, more),
    now: engine.now,
    write: (work) =>
      engine.db.transaction().execute(async (tx) => {
        await holdInstance(tx, operation.instanceId)
        if (await holdsLease(tx, operation.id, epoch)) return await work(tx)
        throw new AppError('conflict', 'Lease.Overtaken', 'Another worker has taken this Operation over.')
      }),
  }
}

/** Begun by a newer Millrace that shares the database: wait, visibly, for one that knows it. */
async function leaveToNewer<W>(engine: Engine<W>, lease: Lease): Promise<undefined> {
  const { operation } = lease
  const placeholder = { kind: operation.kind, title: operation.kind, steps: {} } as AnyOperationDefinition<W>
  const why = `This Millrace does not know the step ${operation.step} of ${operation.kind}: upgrade Millrace.`
  const visit = { definition: placeholder, lease, notes: operation.notes }
  await storeOutcome(engine, visit, wait(30, why))
}
