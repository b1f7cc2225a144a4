import { z } from 'zod'
import { AppError } from '../domain/errors.ts'
import { cancelled, done, giveUp, next } from '../engine/outcome.ts'
import { awaitHealth, ensureNodes, fetchDistribution, proveWithCanary } from './start-nodes.ts'
import { listNodes } from '../store/nodes.ts'
import { defineInstanceOperation, type Op } from './world.ts'

/**
 * Starts the nodes of a Running Instance that have stopped: after a reboot, `npm run stop`, or a death of their own. The
 * Instance stays Running with its health shown; cancelling leaves things as they are.
 */
export const healInstance = defineInstanceOperation({
  kind: 'heal-instance',
  title: 'Start stopped nodes',
  input: z.object({}),
  permission: 'instance:update',
  audit: 'instance.heal',
  action: 'heal',
  during: null,
  after: 'Running',
  afterCancel: 'Running',
  givesWay: true,
  onCancel: 'stand-down',

  async begin(_tx, { instance }) {
    if (!instance) throw new AppError('bug', 'Operation.NoInstance', 'Healing needs an Instance.')
    return instance.id
  },

  steps: {
    'find-data': {
      title: 'Find the data of the stopped nodes',
      deadlineSeconds: 10,
      run: findData,
    },
    'fetch-distribution': {
      title: 'Get the Kafka version',
      deadlineSeconds: 180,
      run: (op) => fetchDistribution(op, next('ensure-nodes')),
    },
    'ensure-nodes': {
      title: 'Start the nodes',
      deadlineSeconds: 20,
      run: (op) => ensureNodes(op, next('await-nodes')),
    },
    'await-nodes': {
      title: 'Wait for the nodes to form a cluster',
      deadlineSeconds: 60,
      run: (op) => awaitHealth(op, { healthy: next('verify'), stopped: next('ensure-nodes') }),
    },
    verify: {
      title: 'Produce and consume a canary record',
      deadlineSeconds: 30,
      async run(op) {
        await proveWithCanary(op)
        return done
      },
    },
    'stand-down': {
      title: 'Leave the nodes as they are',
      deadlineSeconds: 10,
      run: async () => cancelled,
    },
  },
})

/** A node that comes back empty could win an election without the records it once acknowledged. So: never by itself. */
async function findData(op: Op) {
  const nodes = await listNodes(op.db, op.instanceId)
  const sightings = await op.world.provider.inspectNodes(op.instanceId)
  const lost = nodes.filter((node) => !sightings.some(({ kafkaId }) => kafkaId === node.kafkaId))
  if (lost.length === 0) return next('fetch-distribution')
  const names = lost.map(({ kafkaId }) => kafkaId).join(', ')
  const advice = 'Starting it empty could lose records. Put its folder back and retry, or delete the Instance.'
  return giveUp('Instance.NodeLost', `The data of node ${names} is no longer where it was. ${advice}`)
}
