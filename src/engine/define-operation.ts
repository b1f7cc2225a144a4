import type { z } from 'zod'
import type { InstanceId, OperationId } from '../domain/id.ts'
import type { Instance, InstanceAction, InstanceState } from '../domain/instance.ts'
import type { Operation, Refusals } from '../domain/operation.ts'
import type { Permission } from '../domain/permission.ts'
import type { Database, Tx } from '../store/database.ts'
import type { Outcome } from './outcome.ts'

/**
 * The form of every long-running verb. `W` is the world that its steps act on (provider, Kafka), handed in at the start of
 * the process; `C` is what its birth needs to know beside the input. What an Operation must never forget (permission, state,
 * one change at a time, audit, events) are fields here, which the engine enforces.
 */
export type OperationDefinition<W, I = unknown, C = unknown, S extends string = string> = {
  kind: string
  /** For people: `Create Instance`. */
  title: string
  input: z.ZodType<I>
  permission: Permission
  /** `instance.create`: what the audit row says was done. */
  audit: string
  /** The row of `instanceCan` that must allow it; null when the Operation makes the Instance itself. */
  action: InstanceAction | null
  /** The Instance's state while this runs; null leaves it as it is. */
  during: InstanceState | null
  /** The Instance's state at the end, and after a cancel. */
  after: InstanceState
  afterCancel: InstanceState
  /** A standing duty's work: it stops where it is when a person's change comes, instead of being in the way. */
  givesWay?: boolean
  /** It ends whatever is under way and takes its place: nothing that was wanted before matters any more. */
  takesOver?: boolean
  /** The step that cancelling jumps to; null: it cannot be cancelled. */
  onCancel: NoInfer<S> | null
  /** Why it cannot be cancelled now, though there is such a step: it has gone too far. Null: it can. */
  whyNotCancel?(operation: Operation): string | null
  /** Why resuming is not enough to let it go on: it waits for a word of its own. Null: it is enough. */
  whyNotResume?(operation: Operation): string | null
  /** All rows, in the one transaction. No input or output to the world. */
  begin(tx: Tx, birth: Birth<I, C>): Promise<InstanceId>
  /** The input as the Operation and the audit row keep it: without what may be a secret. Absent: as it is. */
  recorded?(input: I): unknown
  /** The steps that this Operation will take, when it knows that it leaves some out. Absent: all. */
  plannedSteps?(operation: Operation): NoInfer<S>[]
  /**
   * While it is paused, or has failed and nobody has said what next: puts down what must not stand, and looks after the nodes.
   * Asked once it stands, and when nodes were seen ailing. Seconds until the next look; null when there is nothing more to do.
   */
  tend?(op: StepContext<W>): Promise<number | null>
  /** In the order of the story; the first is where it begins. */
  steps: Record<S, StepDefinition<W, NoInfer<S>>>
}

export type StepDefinition<W, S extends string> = {
  /** For people: `Start the nodes`. */
  title: string
  /** After this long the step is marked late, with an event. It is never killed. */
  deadlineSeconds: number
  /** Looks at the world first; safe to run again at any time, on any worker. */
  run(op: StepContext<W>): Promise<Outcome<S>>
}

/** What `begin` is told. `instance` is locked; null when the Operation makes it. */
export type Birth<I, C> = {
  environmentId: string
  instance: Instance | null
  input: I
  context: C
  now: Date
  random(bytes: number): Uint8Array
}

/** What a step has in its hands. */
export type StepContext<W> = {
  operationId: OperationId
  instanceId: InstanceId
  environmentId: string
  /** As it was when this visit began. */
  operation: Readonly<Operation>
  world: W
  db: Database
  /** For provider calls: an overtaken worker's is refused. */
  fence: { epoch: number }
  notes: Readonly<Record<string, unknown>>
  /** Stored together with the outcome, or not at all. Never a secret. */
  remember(notes: Record<string, unknown>): void
  now(): Date
  /** Rows that must not be written by an overtaken worker. Throws when the lease is lost. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** Lets the compiler see each step's name, so that `next` to one that does not exist is an error. */
export function defineOperation<W, I, C, const S extends string>(
  definition: OperationDefinition<W, I, C, S>,
): OperationDefinition<W, I, C, S> {
  return definition
}

/** As the registry holds them: inputs were checked when the Operation began. */
// oxlint-disable-next-line typescript/no-explicit-any -- input and context differ for every verb; the registry never touches them.
export type AnyOperationDefinition<W> = OperationDefinition<W, any, any, any>

export function findStep<W>(
  definition: AnyOperationDefinition<W>,
  name: string,
): StepDefinition<W, string> | undefined {
  return (definition.steps as Record<string, StepDefinition<W, string>>)[name]
}

/** What its definition says against what a person may do now. */
export function refusalsOf<W>(definition: AnyOperationDefinition<W> | undefined, operation: Operation): Refusals {
  const tooLate = 'A delete cannot be cancelled once it has begun: data may be gone already.'
  return {
    cancel: definition?.onCancel ? (definition.whyNotCancel?.(operation) ?? null) : tooLate,
    resume: definition?.whyNotResume?.(operation) ?? null,
  }
}

/** When a step that begins now is late; undefined for one that this Millrace does not know. */
export function deadlineFor<W>(definition: AnyOperationDefinition<W>, step: string, now: Date): Date | undefined {
  const found = findStep(definition, step)
  return found && new Date(now.getTime() + found.deadlineSeconds * 1000)
}

/** For people, also of what this Millrace does not know. */
export const titleOf = (definition: { title: string } | undefined, { kind }: Pick<Operation, 'kind'>): string =>
  definition?.title ?? kind
export const stepTitle = <W>(definition: AnyOperationDefinition<W> | undefined, name: string): string =>
  (definition && findStep(definition, name)?.title) ?? name
