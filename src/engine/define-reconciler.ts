import type { InstanceId } from '../domain/id.ts'
import type { Database } from '../store/database.ts'

/**
 * A standing duty. It takes no input: on its period it looks at each subject and records what it saw, or starts an
 * Operation. It never changes nodes itself, so every Instance has one writer. The next round is the retry.
 */
export type Reconciler<W> = {
  name: string
  everySeconds: number
  /** What there is to look at this round; a duty on the whole environment has one subject. */
  subjects(round: Round<W>): Promise<InstanceId[] | ['environment']>
  /** Looks at one subject. Bounded by `limitSeconds`; one that takes longer is skipped in the next rounds, not waited for. */
  reconcile(round: Round<W>, subject: InstanceId): Promise<void>
  limitSeconds: number
}

export type Round<W> = { world: W; db: Database; environmentId: string; now(): Date; random(bytes: number): Uint8Array }
