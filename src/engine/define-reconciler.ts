import type { Database } from '../store/database.ts'

/**
 * A standing duty. It takes no input: on its period it looks at each subject and records what it saw, or starts an
 * Operation. It never changes nodes itself, so every Instance has one writer. The next round is the retry.
 */
export type Reconciler<W, S extends Subject, F = never> = {
  name: string
  everySeconds: number
  /** What there is to look at this round, gathered in a few queries for all. Rounds count on, whichever process does them. */
  subjects(round: Round<W>, turn: number): Promise<S[]>
  /** Looks at one subject. What it found, where that can wait a moment, is recorded with what other looks found. */
  reconcile(round: Round<W>, subject: S): Promise<F | undefined>
  /** Writes down what several looks found, in one statement for all. */
  record?(round: Round<W>, found: F[]): Promise<void>
  /** One that takes longer is no longer waited for, and skipped until it ends: a slow Instance delays no other. */
  limitSeconds: number
}

export type Subject = { id: string }

export type Round<W> = { world: W; db: Database; environmentId: string; now(): Date; random(bytes: number): Uint8Array }

/** Lets the compiler see the subject's type. */
export function defineReconciler<W, S extends Subject, F = never>(
  reconciler: Reconciler<W, S, F>,
): Reconciler<W, S, F> {
  return reconciler
}
