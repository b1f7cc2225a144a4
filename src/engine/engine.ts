import type { AppError } from '../domain/errors.ts'
import type { Database } from '../store/database.ts'
import type { Registry } from './registry.ts'

/** What running needs, handed in at the start of the process. */
export type Engine<W> = {
  db: Database
  registry: Registry<W>
  world: W
  /** Who this process is, in leases. */
  owner: string
  leaseMs: number
  now(): Date
  /** In [0, 1): spreads back-offs. */
  chance(): number
  log: EngineLog
}

export type EngineLog = {
  stepFailed(operationId: string, step: string, error: AppError): void
  leaseLost(operationId: string, step: string): void
  unexpected(where: string, thrown: unknown): void
}
