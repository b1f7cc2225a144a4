import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { readSettings } from '../../services/instances/read-settings.ts'
import { defineRoute } from '../route.ts'
import { EffectiveSettingShape, settingView } from '../views/setting.ts'
import { listOf, wholeView } from '../views/shapes.ts'

const SettingsShape = listOf(EffectiveSettingShape).extend({
  problem: z.string().nullable().openapi({ description: 'Why no broker could tell what it runs with.' }),
  catalogueVersion: z.string().openapi({ description: 'The Kafka version whose settings these are.' }),
})

export const listSettingsRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/settings',
  summary: 'Every Kafka setting of an Instance: what is in force, from where, and what it was given',
  permission: 'instance:read',
  answers: { 200: SettingsShape },

  async handle({ world, params }) {
    const { catalogue, problem, settings } = await readSettings(world, params.instanceId as InstanceId)
    const list = settings.map(({ definition, value, source, wanted }) => {
      return { ...settingView(definition, catalogue), value, source, wanted }
    })
    return { status: 200, body: { ...wholeView(list), problem, catalogueVersion: catalogue.version } }
  },
})
