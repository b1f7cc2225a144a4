import assert from 'node:assert/strict'
import type { BrokerEndpoint } from '../../src/kafka/cluster.ts'
import { endpointOf } from '../../src/kafka/endpoint-of.ts'
import { findInstance } from '../../src/store/instances.ts'
import { listNodes } from '../../src/store/nodes.ts'
import { getOperation, listOpenOperations } from '../../src/store/operations.ts'
import { listSteps } from '../../src/store/steps.ts'
import { makeWorker } from '../harness/worker.ts'
import { stepsOf, type Trial } from './scenarios.ts'

/**
 * The end that every trial must come to, whatever happened on the way: the Operation over, the Instance in its state, rows
 * and nodes saying the same, nothing left over, no node made twice, and a timeline without a gap.
 */
export async function assertSameEnd(trial: Trial, outcome: 'succeeded' | 'cancelled' = 'succeeded'): Promise<void> {
  const { stage, definition, instanceId } = trial
  const operation = await getOperation(stage.db, trial.operationId)
  assert.equal(operation.outcome, outcome, JSON.stringify(operation.error))
  const state = outcome === 'succeeded' ? definition.after : definition.afterCancel
  assert.equal((await findInstance(stage.db, instanceId))?.state, state)
  assert.deepEqual(await listOpenOperations(stage.db, [instanceId]), [])
  if (state === 'Deleted') await assertNothingLeft(trial)
  else await assertServing(trial, outcome)
  assertStartedOnce(trial, outcome)
  await assertTimeline(trial, outcome)
}

export async function assertNothingLeft({ stage, instanceId }: Trial): Promise<void> {
  assert.deepEqual(stage.simulated.population.of(instanceId), [])
  assert.deepEqual(await listNodes(stage.db, instanceId), [], 'an address was not given back')
}

/** A cancelled heal may leave a node stopped; the next one must find nothing in its way. */
async function assertServing(trial: Trial, outcome: string): Promise<void> {
  const { stage, instanceId } = trial
  if (outcome === 'cancelled') {
    await stage.heal(instanceId)
    await makeWorker(stage).settle()
  }
  const nodes = await listNodes(stage.db, instanceId)
  const seen = await stage.simulated.provider.inspectNodes(instanceId)
  assert.deepEqual(
    seen.map(({ kafkaId, process }) => [kafkaId, process]),
    nodes.map(({ kafkaId }) => [kafkaId, 'running']),
  )
  const brokers = nodes.map(endpointOf)
  assert.equal((await stage.simulated.clusters.canary(brokers)).partitions, nodes.length)
  await assertWhole(trial, brokers)
  assert.equal((await findInstance(stage.db, instanceId))?.health, 'healthy')
}

/** Every replica is on a node that stays, nothing is on the move, no throttle is left, and the rows promise nothing more. */
async function assertWhole({ stage, instanceId }: Trial, brokers: BrokerEndpoint[]): Promise<void> {
  const { clusters } = stage.simulated
  const instance = await findInstance(stage.db, instanceId)
  const nodes = await listNodes(stage.db, instanceId)
  assert.equal(instance?.before, null)
  assert.equal(instance.nodeCount, nodes.length)
  assert.equal(instance.version, instance.targetVersion)
  assert.ok(nodes.every(({ intent }) => intent === 'stay'))
  for (const { version, targetVersion } of nodes)
    assert.deepEqual([version, targetVersion], [instance.version, instance.version])
  assert.deepEqual(await clusters.listReassignments(brokers), [])
  const ids = nodes.map(({ kafkaId }) => kafkaId)
  assert.ok((await clusters.replicas(brokers)).every(({ kafkaId }) => ids.includes(kafkaId)))
  assert.equal(stage.simulated.throttleOf(instanceId), null)
  const chain = instance.features.security?.own?.certificateChain
  for (const { shown } of stage.simulated.population.of(instanceId)) assert.equal(shown.certificateChain, chain)
}

function assertStartedOnce({ stage, scenario, ledgerStart, instanceId }: Trial, outcome: string): void {
  const { starts, startsWhenCancelled = starts } = scenario
  const own = stage.ledger.slice(ledgerStart).filter((change) => change.instanceId === instanceId)
  const counts: Record<number, number> = {}
  for (const { act, kafkaId } of own) if (act === 'started') counts[kafkaId] = (counts[kafkaId] ?? 0) + 1
  if (outcome === 'succeeded') assert.deepEqual(counts, starts)
  else
    for (const [id, count] of Object.entries(counts))
      assert.ok(count <= startsWhenCancelled[Number(id)]!, `node ${id}: ${count} starts`)
}

async function assertTimeline({ stage, scenario, operationId }: Trial, outcome: string): Promise<void> {
  const steps = await listSteps(stage.db, operationId)
  assert.equal(steps[0]?.name, stepsOf(scenario)[0])
  assert.equal(steps.at(-1)?.outcome, outcome === 'succeeded' ? 'done' : 'cancelled')
  let before = steps[0]!.startedAt
  for (const [index, step] of steps.entries()) {
    assert.equal(step.seq, index + 1)
    assert.ok(step.endedAt, `${step.name} was never closed`)
    const follows = steps[index - 1]?.outcome === 'failed' ? step.startedAt >= before : +step.startedAt === +before
    assert.ok(follows, `${step.name} did not begin when the one before it ended`)
    before = step.endedAt
  }
}
