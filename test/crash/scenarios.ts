import assert from 'node:assert/strict'
import { registry } from '../../src/operations/registry.ts'
import type { InstanceId, OperationId } from '../../src/domain/id.ts'
import type { World } from '../../src/operations/world.ts'
import type { AnyOperationDefinition } from '../../src/engine/define-operation.ts'
import { getOperation } from '../../src/store/operations.ts'
import { makeWorker } from '../harness/worker.ts'
import type { Stage } from '../harness/world.ts'

/**
 * How each kind of Operation is brought to its beginning. A new kind needs a line here and is then tried at every step and
 * every call, by the suites beside this file.
 */
type Scenario = {
  begin(stage: Stage): Promise<OperationId>
  /** How often it starts each node, when all goes well. */
  starts: Record<number, number>
}

const scenarios: Record<string, Scenario> = {
  'create-instance': {
    begin: (stage) => stage.create(),
    starts: { 1: 1, 2: 1, 3: 1 },
  },
  'delete-instance': {
    begin: async (stage) => stage.delete(await running(stage)),
    starts: {},
  },
  'heal-instance': {
    async begin(stage) {
      const instanceId = await running(stage)
      stage.simulated.killNode(instanceId, 2)
      return stage.heal(instanceId)
    },
    starts: { 2: 1 },
  },
}

async function running(stage: Stage): Promise<InstanceId> {
  const id = await stage.create()
  await makeWorker(stage).settle()
  return (await getOperation(stage.db, id)).instanceId
}

/** One Operation on a stage, begun and not yet touched by a worker. */
export type Trial = {
  stage: Stage
  definition: AnyOperationDefinition<World>
  operationId: OperationId
  instanceId: InstanceId
  starts: Record<number, number>
  /** Where its own part of the stage's ledger begins. */
  ledgerStart: number
}

export async function beginTrial(stage: Stage, kind: string): Promise<Trial> {
  const scenario = scenarios[kind]
  assert.ok(scenario, `${kind} has no scenario in test/crash/scenarios.ts`)
  const operationId = await scenario.begin(stage)
  const { instanceId } = await getOperation(stage.db, operationId)
  const definition = registry.find(kind)!
  return { stage, definition, operationId, instanceId, starts: scenario.starts, ledgerStart: stage.ledger.length }
}

export const stepsOf = (definition: AnyOperationDefinition<World>): string[] => Object.keys(definition.steps)
