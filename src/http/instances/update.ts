import { z } from '@hono/zod-openapi'
import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { renameInstance } from '../../services/instances/rename-instance.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute } from '../route.ts'
import { instanceView, InstanceShape } from '../views/instance.ts'

/** Known to the wire contract, not open to change yet: refused in words, never accepted and ignored. */
const later = z.unknown().optional()
const laterFields = ['version', 'spec', 'features', 'tags'] as const

export const updateInstanceRoute = defineRoute({
  method: 'patch',
  path: '/instances/{instanceId}',
  summary: 'Change the name or the remark of an Instance',
  permission: 'instance:update',
  body: z
    .strictObject({
      name: z.string('The name is a text.').optional(),
      description: z.string('The remark is a text.').optional(),
      version: later,
      spec: later,
      features: later,
      tags: later,
    })
    .openapi('InstanceChange'),
  answers: { 200: InstanceShape },

  async handle({ world, params, body, caller, once }) {
    const asked = laterFields.filter((field) => body[field] !== undefined)
    if (asked.length > 0) throw unsupportedChange(asked)
    const id = params.instanceId as InstanceId
    const names = { name: body.name, description: body.description }
    const { isRepeat } = await renameInstance(world, { id, names, actor: caller.actor, once })
    return { status: 200, body: instanceView(world, await readInstance(world, id)), headers: repeatHeader(isRepeat) }
  },
})

function unsupportedChange(asked: string[]): AppError {
  const message = `Only name and description can be changed in this release, not ${asked.join(', ')}. Nothing was changed.`
  const fields = asked.map((path) => ({ path, message: 'This cannot be changed in this release.' }))
  return new AppError('invalid', 'Instance.UnsupportedChange', message, { fields })
}
