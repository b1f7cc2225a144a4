import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { InstanceId, OperationId } from '../../src/domain/id.ts'
import type { Operation, OperationAction } from '../../src/domain/operation.ts'
import type { Actor } from '../../src/domain/permission.ts'
import { controlOperation } from '../../src/engine/control-operation.ts'
import { defineOperation, type AnyOperationDefinition, type StepContext } from '../../src/engine/define-operation.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Outcome } from '../../src/engine/outcome.ts'
import { makeRegistry } from '../../src/engine/registry.ts'
import { startOperation } from '../../src/engine/start-operation.ts'
import { runOperation } from '../../src/engine/worker.ts'
import type { Database } from '../../src/store/database.ts'
import { insertInstance } from '../../src/store/instances.ts'
import { claimDueOperations } from '../../src/store/operation-leases.ts'
import { getOperation } from '../../src/store/operations.ts'
import type { TestDatabase } from './database.ts'
import { anInstance, environmentId, makeStore, start } from './rows.ts'

/**
 * The engine with a world of nothing but scripts: each test says what a step does. Nothing works by itself; `work` runs what is
 * due at the clock's time, which moves only when told to.
 */
export type Script = (op: TinyOp) => Promise<Outcome>
export type TinyWorld = {
  scripts: Partial<Record<TinyStep, Script>>
  ran: string[]
  /** What `make` does while it stands still. */
  tend?: (op: TinyOp) => Promise<number | null>
}
export type TinyStep = 'first' | 'second' | 'release' | 'only'
export type TinyOp = StepContext<TinyWorld>

type TinyInput = { name?: string | undefined }

const stepFor = (name: TinyStep, title: string) => ({
  title,
  deadlineSeconds: 60,
  async run(op: TinyOp): Promise<Outcome<never>> {
    op.world.ran.push(name)
    const script = op.world.scripts[name]
    if (!script) throw new Error(`the test has no script for ${name}`)
    // A script may name any step; the types of these definitions would not let it.
    return (await script(op)) as Outcome<never>
  },
})

/** Makes its Instance, and can be cancelled. */
export const make = defineOperation({
  kind: 'make',
  title: 'Make',
  input: z.custom<TinyInput>(),
  permission: 'instance:create',
  audit: 'instance.make',
  action: null,
  during: 'Creating',
  after: 'Running',
  afterCancel: 'Deleted',
  onCancel: 'release',
  tend: async (op: TinyOp) => (await op.world.tend?.(op)) ?? null,
  async begin(tx, { input, now }: { input: TinyInput; now: Date }) {
    const instance = anInstance({
      state: 'Creating',
      createdAt: now,
      stateSince: now,
      ...(input.name && { name: input.name }),
    })
    await insertInstance(tx, instance)
    return instance.id
  },
  steps: {
    first: stepFor('first', 'Do the first thing'),
    second: stepFor('second', 'Do the second thing'),
    release: stepFor('release', 'Take it away'),
  },
})

/** On an Instance that is there, whatever goes on there; cannot be cancelled. */
export const remove = defineOperation({
  kind: 'remove',
  title: 'Remove',
  input: z.object({}),
  permission: 'instance:delete',
  audit: 'instance.remove',
  action: 'delete',
  during: 'Deleting',
  after: 'Deleted',
  afterCancel: 'Deleted',
  takesOver: true,
  onCancel: null,
  begin: async (_tx, { instance }) => instance!.id,
  steps: { only: stepFor('only', 'Remove it') },
})

/** A standing duty's: leaves the state alone and gives way. */
export const mend = defineOperation({
  kind: 'mend',
  title: 'Mend',
  input: z.object({}),
  permission: 'instance:update',
  audit: 'instance.mend',
  action: 'heal',
  during: null,
  after: 'Running',
  afterCancel: 'Running',
  givesWay: true,
  onCancel: 'release',
  begin: async (_tx, { instance }) => instance!.id,
  steps: { only: stepFor('only', 'Mend it'), release: stepFor('release', 'Leave it') },
})

export const anna: Actor = { name: 'anna', role: 'administrator', source: '192.0.2.1' }
const random = (bytes: number) => randomBytes(bytes)

export type TinyEngine = {
  database: TestDatabase
  db: Database
  engine: Engine<TinyWorld>
  world: TinyWorld
  logged: string[]
  now(): Date
  pass(seconds: number): void
  begin(
    definition?: AnyOperationDefinition<TinyWorld>,
    more?: { instanceId?: InstanceId; actor?: Actor },
  ): Promise<Operation>
  control(id: OperationId, action: OperationAction, actor?: Actor): Promise<void>
  /** Runs what is due, until nothing is. */
  work(): Promise<void>
  get(id: OperationId): Promise<Operation>
  [Symbol.asyncDispose](): Promise<void>
}

export async function makeTinyEngine(scripts: TinyWorld['scripts'] = {}): Promise<TinyEngine> {
  const database = await makeStore()
  const { db } = database
  let time = start.getTime()
  const now = () => new Date(time)
  const world: TinyWorld = { scripts, ran: [] }
  const logged: string[] = []
  const registry = makeRegistry<TinyWorld>([make, remove, mend])
  const log: Engine<TinyWorld>['log'] = {
    stepFailed: (_id, step, { message }) => void logged.push(`${step} failed: ${message}`),
    leaseLost: (_id, step) => void logged.push(`${step} lost its lease`),
    unexpected: (where, thrown) => void logged.push(`unexpected ${where.split(' ')[0]}: ${String(thrown)}`),
  }
  const engine: Engine<TinyWorld> = { db, registry, world, owner: 'me', leaseMs: 10_000, now, chance: () => 0, log }
  return {
    database,
    db,
    engine,
    world,
    logged,
    now,
    pass: (seconds) => void (time += seconds * 1000),
    begin(definition = make, { instanceId, actor = anna } = {}) {
      const request = {
        environmentId,
        input: {},
        context: {},
        actor,
        now: now(),
        random,
        ...(instanceId && { instanceId }),
      }
      return db.transaction().execute((tx) => startOperation(tx, definition, request))
    },
    control: (operationId, action, actor = anna) =>
      db.transaction().execute((tx) => controlOperation(tx, { operationId, action, actor, now: now(), registry })),
    async work() {
      for (;;) {
        const leases = await claimDueOperations(db, { ...engine, now: now(), limit: 100 })
        if (leases.length === 0) return
        await Promise.all(leases.map((lease) => runOperation(engine, lease)))
      }
    },
    get: (id) => getOperation(db, id),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
