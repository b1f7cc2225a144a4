import { z } from '@hono/zod-openapi'
import { instanceStates } from '../../domain/instance.ts'
import { instanceSorts, readInstances } from '../../services/instances/read-instances.ts'
import { defineRoute } from '../route.ts'
import { instanceView, InstanceShape } from '../views/instance.ts'
import { flag, listOf, pageView, pagingQuery, severalOf } from '../views/shapes.ts'

export const listInstancesRoute = defineRoute({
  method: 'get',
  path: '/instances',
  summary: 'List Instances; state=Deleted lists the tombstones',
  permission: 'instance:read',
  query: z.strictObject({
    ...pagingQuery,
    keyword: z.string().max(256, 'A keyword has at most 256 characters.').optional(),
    state: severalOf(instanceStates).optional(),
    sort: z.enum(instanceSorts, `Sort by one of ${instanceSorts.join(', ')}.`).default('createdAt'),
    desc: flag.optional(),
  }),
  answers: { 200: listOf(InstanceShape) },

  async handle({ world, query, caller }) {
    // The newest first, unless another order is asked for.
    const desc = query.desc ?? query.sort === 'createdAt'
    const { total, list } = await readInstances(world, { ...query, states: query.state, desc, only: caller.scope.only })
    return {
      status: 200,
      body: pageView(
        query,
        total,
        list.map((reading) => instanceView(world, reading)),
      ),
    }
  },
})
