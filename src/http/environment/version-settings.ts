import { z } from '@hono/zod-openapi'
import { readVersionSettings } from '../../services/environment/read-version-settings.ts'
import { defineRoute } from '../route.ts'
import { SettingShape, settingView } from '../views/setting.ts'
import { listOf, wholeView } from '../views/shapes.ts'

const VersionSettingsShape = listOf(SettingShape).extend({
  catalogueVersion: z.string().openapi({ description: 'The Kafka version whose settings these are.' }),
})

export const listVersionSettingsRoute = defineRoute({
  method: 'get',
  path: '/versions/{version}/settings',
  summary: 'The Kafka settings that an Instance of this version may be given',
  permission: 'environment:read',
  answers: { 200: VersionSettingsShape },

  async handle({ world, params }) {
    const catalogue = readVersionSettings(world, params['version']!)
    const list = [...catalogue.definitions.values()].map((definition) => settingView(definition, catalogue))
    return { status: 200, body: { ...wholeView(list), catalogueVersion: catalogue.version } }
  },
})
