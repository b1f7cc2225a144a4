import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { askLoss } from '../../services/instances/ask-loss.ts'
import { defineRoute } from '../route.ts'

const Partition = z.object({ topic: z.string(), partition: z.number().int() })

const LossShape = z
  .object({
    lost: z.array(z.number().int()),
    verdict: z.enum(['serves', 'writes-stop', 'unavailable']),
    summary: z.string(),
    quorumSurvives: z.boolean(),
    counts: z.object({
      partitions: z.number().int(),
      withoutLeader: z.number().int(),
      belowMinimum: z.number().int(),
    }),
    partitionsWithoutLeader: z.array(Partition).openapi({ description: 'The first of them.' }),
    partitionsBelowMinimum: z.array(Partition).openapi({ description: 'The first of them.' }),
    tightest: Partition.extend({ spare: z.number().int() }).nullable().openapi({
      description:
        'In-sync replicas that this partition would have left beyond those it needs; negative: too few. null: the lost nodes are in sync with none.',
    }),
  })
  .openapi('LossReport')

const kafkaId = z
  .string()
  .regex(/^\d{1,9}$/, 'A node is named by its Kafka id.')
  .transform(Number)

export const whatIfRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/what-if',
  summary: 'Say what would happen if a node or a zone were lost',
  permission: 'instance:read',
  query: z.strictObject({ node: kafkaId.optional().openapi({ type: 'integer' }), zone: z.string().optional() }),
  answers: { 200: LossShape },

  async handle({ world, params, query }) {
    return { status: 200, body: await askLoss(world, params.instanceId as InstanceId, query) }
  },
})
