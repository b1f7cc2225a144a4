import { z } from 'zod'
import { AppError } from '../domain/errors.ts'
import { cancelled, done, next } from '../engine/outcome.ts'
import { awaitHealth, ensureNodes, fetchDistribution, proveWithCanary } from './start-nodes.ts'
import { defineInstanceOperation } from './world.ts'

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
  onCancel: 'stand-down',

  async begin(_tx, { instance }) {
    if (!instance) throw new AppError('bug', 'Operation.NoInstance', 'Healing needs an Instance.')
    return instance.id
  },

  steps: {
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
