import type { Database } from '../store/database.ts'

/**
 * A standing duty. It takes no input: on its period it looks at each subject and records what it saw, or starts an
 * Operation. It never changes nodes itself, so every Instance has one writer. The next round is the retry.
 */
export type Reconciler<W, S extends Subject> = {
  name: string
  everySeconds: number
  /** What there is to look at this round, gathered in a few queries for all. */
  subjects(round: Round<W>): Promise<S[]>
  /** Looks at one subject. */
  reconcile(round: Round<W>, subject: S): Promise<void>
  /** One that takes longer is no longer waited for, and skipped until it ends: a slow Instance delays no other. */
  limitSeconds: number
}

export type Subject = { id: string }

export type Round<W> = { world: W; db: Database; environmentId: string; now(): Date; random(bytes: number): Uint8Array }

/** Lets the compiler see the subject's type. */
export function defineReconciler<W, S extends Subject>(reconciler: Reconciler<W, S>): Reconciler<W, S> {
  return reconciler
}
