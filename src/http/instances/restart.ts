import { z } from '@hono/zod-openapi'
import { ChangeOptions, type ChangeInput } from '../../domain/change.ts'
import type { InstanceId } from '../../domain/id.ts'
import { startOperation } from '../../engine/start-operation.ts'
import { changeDefinitions } from '../../operations/change/change-instance.ts'
import { changeOnce } from '../../services/context.ts'
import { readInstance } from '../../services/instances/read-instances.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute } from '../route.ts'
import { ChangePlanShape, changePlanView } from '../views/change-plan.ts'
import { instanceView, InstanceShape } from '../views/instance.ts'
import { flag } from '../views/shapes.ts'
import { OptionsBody } from './change-body.ts'
import { planFor } from './plan-for.ts'

const RestartBody = z
  .strictObject(
    {
      nodes: z
        .array(z.int('A node is named by its Kafka id.'))
        .optional()
        .openapi({ description: 'Kafka ids; without: every node.' }),
      operation: OptionsBody.optional(),
    },
    'The body is a JSON object.',
  )
  .openapi('InstanceRestart')

/** Restarts nodes one after the other, each when everything it carries is in sync elsewhere. */
export const restartInstanceRoute = defineRoute({
  method: 'post',
  path: '/instances/{instanceId}:restart',
  summary: 'Restart all nodes of an Instance or some, or with dryRun=true answer the plan',
  permission: 'instance:update',
  query: z.strictObject({ dryRun: flag.optional() }),
  body: RestartBody,
  answers: { 200: z.union([InstanceShape, ChangePlanShape]) },

  async handle({ world, params, body, query, caller, once }) {
    const instanceId = params.instanceId as InstanceId
    const input: ChangeInput = {
      wish: { restart: body.nodes ?? 'all' },
      options: ChangeOptions.parse(body.operation ?? {}),
    }
    if (query.dryRun)
      return { status: 200, body: changePlanView(world, await planFor({ world, caller }, instanceId, input)) }
    const { instance } = await readInstance(world, instanceId)
    if (instance.state === 'Running') await planFor({ world, caller }, instanceId, input)
    const { environmentId, random } = world
    const context = { environment: await world.describeEnvironment(), catalogue: world.catalogue }
    const request = { environmentId, instanceId, input, context, actor: caller.actor, now: world.now(), random }
    const { isRepeat } = await changeOnce(world.db, once, async (tx) => {
      await startOperation(tx, changeDefinitions['restart-instance'], request)
      return instanceId
    })
    const reading = await readInstance(world, instanceId)
    return { status: 200, body: instanceView(world, reading), headers: repeatHeader(isRepeat) }
  },
})
