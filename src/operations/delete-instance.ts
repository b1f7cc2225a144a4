import { z } from 'zod'
import { AppError } from '../domain/errors.ts'
import { done, next } from '../engine/outcome.ts'
import { releaseNodes } from './release-nodes.ts'
import { defineInstanceOperation } from './world.ts'

/**
 * Takes an Instance away with all its data. Ends when every process, address and folder is proven gone; until then the
 * Instance stays in Deleting and names what is left. Begins from every state, in the place of what is under way. Cannot be
 * cancelled: data may be gone already.
 */
export const deleteInstance = defineInstanceOperation({
  kind: 'delete-instance',
  title: 'Delete Instance',
  input: z.object({}),
  permission: 'instance:delete',
  audit: 'instance.delete',
  action: 'delete',
  during: 'Deleting',
  after: 'Deleted',
  afterCancel: 'Deleted',
  takesOver: true,
  onCancel: null,

  async begin(_tx, { instance }) {
    if (!instance) throw new AppError('bug', 'Operation.NoInstance', 'A delete needs an Instance.')
    return instance.id
  },

  steps: {
    'release-nodes': {
      title: 'Stop the nodes and remove their data',
      deadlineSeconds: 60,
      run: (op) => releaseNodes(op, next('verify-gone')),
    },
    'verify-gone': {
      title: 'Check that nothing is left',
      deadlineSeconds: 10,
      run: (op) => releaseNodes(op, done),
    },
  },
})
