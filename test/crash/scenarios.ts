import { registry } from '../../src/operations/registry.ts'
import type { InstanceId, OperationId } from '../../src/domain/id.ts'
import type { World } from '../../src/operations/world.ts'
import type { AnyOperationDefinition } from '../../src/engine/define-operation.ts'
import { createAuthority } from '../../src/security/authority.ts'
import { getOperation } from '../../src/store/operations.ts'
import { listNodes, updateNodeSeen } from '../../src/store/nodes.ts'
import { makeWorker } from '../harness/worker.ts'
import type { Stage } from '../harness/world.ts'

/**
 * How Operations are brought to their beginning. A new kind needs a scenario here and is then tried at every step and every
 * call, by the suites beside this file.
 */
export type Scenario = {
  kind: string
  begin(stage: Stage): Promise<OperationId>
  /** How often it starts each node, when all goes well. */
  starts: Record<number, number>
  /** At most, when it is cancelled somewhere; without: the same. */
  startsWhenCancelled?: Record<number, number>
  /** The steps that it comes to, in order; without: all of its definition. */
  steps?: string[]
  /** The step at which a cancel has the most to undo. */
  turnsLateAt?: string
}

const roll = ['pick-node', 'restart-node', 'await-node']

export const scenarios: Record<string, Scenario> = {
  create: {
    kind: 'create-instance',
    begin: (stage) => stage.create(),
    starts: { 1: 1, 2: 1, 3: 1 },
  },
  delete: {
    kind: 'delete-instance',
    begin: async (stage) => stage.delete(await running(stage)),
    starts: {},
  },
  heal: {
    kind: 'heal-instance',
    async begin(stage) {
      const instanceId = await running(stage)
      stage.simulated.killNode(instanceId, 2)
      return stage.heal(instanceId)
    },
    starts: { 2: 1 },
    steps: ['back-off', 'fetch-distribution', 'ensure-nodes', 'await-nodes', 'verify', 'elect-leaders', 'stand-down'],
  },
  'heal a hung node': {
    kind: 'heal-instance',
    async begin(stage) {
      const instanceId = await running(stage)
      // It has run for longer than it has been silent.
      stage.pass(120_000)
      stage.pass(120_000)
      stage.simulated.troubleNode(instanceId, 2, 'hangs')
      const node = (await listNodes(stage.db, instanceId))[1]!
      const silentSince = new Date(stage.now().getTime() - 60_000)
      await updateNodeSeen(stage.db, node, { ...node, health: 'unreachable', silentSince, observedAt: stage.now() })
      return stage.heal(instanceId)
    },
    starts: { 2: 1 },
    steps: [
      'back-off',
      'fetch-distribution',
      'ensure-nodes',
      'await-nodes',
      'restart-hung',
      'verify',
      'elect-leaders',
      'stand-down',
    ],
  },
  'grow and upgrade': {
    kind: 'change-instance',
    async begin(stage) {
      const instanceId = await running(stage, { version: '4.2.1' })
      const instanceConfigs = [{ key: 'log.retention.ms', value: '3600000' }]
      return stage.change(instanceId, { version: '4.3.1', reservedAku: 8, instanceConfigs })
    },
    starts: { 1: 1, 2: 1, 3: 1, 4: 1 },
    startsWhenCancelled: { 1: 2, 2: 2, 3: 2, 4: 1 },
    turnsLateAt: 'spread-replicas',
    steps: [
      'fetch-distribution',
      'check',
      'apply-settings',
      ...roll,
      'add-nodes',
      'await-added',
      'spread-replicas',
      'verify',
      'soak',
      'finalize',
      'turn-back',
    ],
  },
  'shrink and restart': {
    kind: 'change-instance',
    async begin(stage) {
      const instanceId = await running(stage)
      await stage.change(instanceId, { reservedAku: 8 })
      await makeWorker(stage).settle()
      stage.pass(1000)
      return stage.change(instanceId, { reservedAku: 6, restart: 'all' })
    },
    starts: { 1: 1, 2: 1, 3: 1 },
    turnsLateAt: 'remove-nodes',
    steps: [
      'fetch-distribution',
      'check',
      'move-replicas',
      'prove-empty',
      'remove-nodes',
      ...roll,
      'verify',
      'turn-back',
    ],
  },
  'revert drift': {
    kind: 'revert-drift',
    async begin(stage) {
      const instanceId = await running(stage)
      await drift(stage, instanceId)
      const overrides = [{ kafkaId: 1, key: 'message.max.bytes' }]
      return stage.change(instanceId, {
        drift: { way: 'revert', nodes: [2], settings: ['log.retention.ms'], overrides, brokers: [9] },
      })
    },
    starts: { 2: 1 },
    turnsLateAt: 'await-node',
    steps: ['fetch-distribution', 'check', 'remove-strangers', 'apply-settings', ...roll, 'verify', 'turn-back'],
  },
  'exchange certificates and add a listener': {
    kind: 'secure-instance',
    async begin(stage) {
      const security = { authenticationMethods: ['sasl'], transitEncryptionModes: ['tls'], own: await chainOf('first') }
      const instanceId = await running(stage, { features: { security } })
      return stage.change(instanceId, {
        security: { authenticationMethods: ['sasl', 'anonymous'], own: await chainOf('second') },
      })
    },
    starts: { 1: 1, 2: 1, 3: 1 },
    startsWhenCancelled: { 1: 2, 2: 2, 3: 2 },
    turnsLateAt: 'await-node',
    steps: ['fetch-distribution', 'check', 'renew-certificates', ...roll, 'verify', 'turn-back'],
  },
  'exchange the authority': {
    kind: 'exchange-authority',
    async begin(stage) {
      const instanceId = await running(stage)
      return stage.change(instanceId, { authority: { oldest: 2, signing: 2, newest: 2 } })
    },
    starts: { 1: 3, 2: 3, 3: 3 },
    turnsLateAt: 'await-node',
    steps: ['fetch-distribution', 'check', 'move-authority', ...roll, 'verify', 'turn-back'],
  },
}

/** A chain as an Instance keeps it; nobody opens its key here. */
async function chainOf(name: string) {
  const { certificate } = await createAuthority(name, new Date())
  return { certificateChain: certificate, sealedKey: 'sealed' }
}

/** Somebody has been at the cluster: settings, a node's file, a broker of their own. */
async function drift({ simulated, pass }: Stage, instanceId: InstanceId): Promise<void> {
  const [first, second] = simulated.population.of(instanceId).map(({ spec }) => spec)
  const port = first!.security?.internalPort ?? first!.port
  const brokers = [{ kafkaId: first!.kafkaId, host: first!.address, port }]
  await simulated.clusters.alterSettings(brokers, { set: { 'log.retention.ms': '5' }, remove: [] })
  await simulated.clusters.alterSettings(
    brokers,
    { set: { 'message.max.bytes': '3000' }, remove: [] },
    { kafkaId: first!.kafkaId },
  )
  simulated.adopt([{ ...second!, configs: { ...second!.configs, 'num.io.threads': '3' } }])
  simulated.joinStranger(instanceId, 9, { isAlive: false })
  pass(1000)
}

async function running(stage: Stage, more: Parameters<Stage['create']>[0] = {}): Promise<InstanceId> {
  const id = await stage.create(more)
  await makeWorker(stage).settle()
  return (await getOperation(stage.db, id)).instanceId
}

/** One Operation on a stage, begun and not yet touched by a worker. */
export type Trial = {
  stage: Stage
  scenario: Scenario
  definition: AnyOperationDefinition<World>
  operationId: OperationId
  instanceId: InstanceId
  /** Where its own part of the stage's ledger begins. */
  ledgerStart: number
}

export async function beginTrial(stage: Stage, name: string): Promise<Trial> {
  const scenario = scenarios[name]!
  const operationId = await scenario.begin(stage)
  const { instanceId } = await getOperation(stage.db, operationId)
  const definition = definitionOf(scenario)
  return { stage, scenario, definition, operationId, instanceId, ledgerStart: stage.ledger.length }
}

export const definitionOf = ({ kind }: Scenario): AnyOperationDefinition<World> => registry.find(kind)!

/** Where a cancel is tried that leads to the last step: soon after the beginning, and late. */
export const turnsOf = (scenario: Scenario): string[] => [
  stepsOf(scenario)[1]!,
  ...(scenario.turnsLateAt ? [scenario.turnsLateAt] : []),
]

export const stepsOf = (scenario: Scenario): string[] => scenario.steps ?? Object.keys(definitionOf(scenario).steps)
