import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'
import { changeKinds } from '../../src/domain/change.ts'
import type { InstanceId, OperationId } from '../../src/domain/id.ts'
import type { Node } from '../../src/domain/node.ts'
import type { OperationOutcome } from '../../src/domain/operation.ts'
import { endpointOf } from '../../src/kafka/endpoint-of.ts'
import { getInstance } from '../../src/store/instances.ts'
import { listNodes, updateNodeSeen } from '../../src/store/nodes.ts'
import { requestTending } from '../../src/store/operation-leases.ts'
import { getOperation } from '../../src/store/operations.ts'
import { makeDatabase, type TestDatabase } from './database.ts'
import { makeRecorder, type Recorder } from './recorder.ts'
import { makeStage, type Stage } from './world.ts'

/**
 * What a test of a change begins from: an Instance of three nodes that runs 4.2.1, made anew before each test of the file that
 * imports this, on a stage whose ledger is empty, and a worker.
 */
export let stage: Stage
export let worker: Recorder
export let instanceId: InstanceId

let database: TestDatabase
before(async () => void (database = await makeDatabase()))
after(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  stage = await makeStage(database.db)
  worker = makeRecorder(stage)
  instanceId = (await operation(await stage.create({ version: '4.2.1' }))).instanceId
  await worker.settle()
  stage.pass(1_000)
  stage.ledger.splice(0)
  worker.said.splice(0)
})

export const operation = (id: OperationId) => getOperation(stage.db, id)
export const instance = () => getInstance(stage.db, instanceId)
export const nodes = () => listNodes(stage.db, instanceId)
export const endpoints = async () => (await nodes()).map(endpointOf)

/** The nodes that were started, in order. */
export const started = () => stage.ledger.filter(({ act }) => act === 'started').map(({ kafkaId }) => kafkaId)

/** What each node runs; null: nothing. */
export const running = async () =>
  (await stage.simulated.provider.inspectNodes(instanceId)).map(({ kafkaId, version, process }) => [
    kafkaId,
    process === 'running' ? version : null,
  ])
export const allRun = (version: string) => [1, 2, 3].map((kafkaId) => [kafkaId, version])

/** A look each so often, for so long. */
export async function watch(ms: number, everyMs = 5_000): Promise<void> {
  for (const end = stage.now().getTime() + ms; stage.now().getTime() < end; stage.pass(everyMs)) await worker.work()
}

/** Lets time pass until nothing is under way. */
export async function assertSettles(id: OperationId, outcome: OperationOutcome): Promise<void> {
  await worker.settle()
  assert.equal((await operation(id)).outcome, outcome)
}

/** What the standing look writes of a node. */
export async function see(kafkaId: number, seen: Partial<Node>): Promise<void> {
  const node = (await nodes()).find((one) => one.kafkaId === kafkaId)!
  await updateNodeSeen(stage.db, node, { ...node, ...seen, observedAt: stage.now() })
}

/** It dies while its change stands still, and the standing look sees it. */
export async function dieSeen(kafkaId: number): Promise<void> {
  stage.simulated.killNode(instanceId, kafkaId)
  await see(kafkaId, { health: 'stopped' })
  await requestTending(stage.db, { kinds: [...changeKinds], silentBefore: new Date(0), now: stage.now() })
}
