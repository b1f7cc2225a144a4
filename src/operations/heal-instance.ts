import { z } from 'zod'
import { AppError } from '../domain/errors.ts'
import { cancelled, giveUp, next } from '../engine/outcome.ts'
import { bringUpSteps } from './start-nodes.ts'
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
    ...bringUpSteps(),
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
