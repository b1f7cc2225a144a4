import { z } from '@hono/zod-openapi'
import { defineRoute } from '../route.ts'
import { listOf, wholeView } from '../views/shapes.ts'

const VersionShape = z
  .object({
    version: z.string(),
    recommended: z.boolean(),
    endOfLife: z.boolean(),
    upgradableTo: z.array(z.string()),
  })
  .openapi('Version')

export const listVersionsRoute = defineRoute({
  method: 'get',
  path: '/versions',
  summary: 'The Kafka versions of the catalogue, in its order',
  permission: 'environment:read',
  answers: { 200: listOf(VersionShape) },

  async handle({ world }) {
    const list = world.catalogue.versions.map(({ version, recommended, endOfLife, upgradableTo }) => {
      return { version, recommended, endOfLife, upgradableTo }
    })
    return { status: 200, body: wholeView(list) }
  },
})
