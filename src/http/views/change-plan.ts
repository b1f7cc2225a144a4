import { z } from '@hono/zod-openapi'
import { changeKinds } from '../../domain/change.ts'
import type { ChangePlan } from '../../operations/change/plan.ts'
import type { HttpWorld } from '../world.ts'
import { PlannedNodeShape, plannedNodeView } from './node.ts'

/** What a change would do, as the wire shows it. */
export const ChangePlanShape = z
  .object({
    dryRun: z.literal(true),
    action: z.literal('change'),
    kind: z.enum(changeKinds).nullable().openapi({ description: 'null: everything is as wanted already.' }),
    title: z.string(),
    changes: z.array(z.object({ what: z.string(), from: z.string(), to: z.string() })),
    restarts: z.array(z.object({ kafkaId: z.number().int(), reasons: z.array(z.string()) })),
    adds: z.array(PlannedNodeShape),
    removes: z.array(PlannedNodeShape),
    moves: z.object({ partitions: z.number().int(), bytes: z.number() }).nullable(),
    dynamicSettings: z.array(z.string()).openapi({ description: 'Settings that change without a restart.' }),
    topicsAtRisk: z.array(
      z.object({ topic: z.string(), replicas: z.number().int(), minInSync: z.number().int(), why: z.string() }),
    ),
    finalizes: z.boolean(),
    expectedSeconds: z.number(),
    expectedFrom: z.enum(['history', 'estimate']),
    warnings: z.array(z.string()),
  })
  .openapi('ChangePlan')

export function changePlanView(world: HttpWorld, plan: ChangePlan): z.input<typeof ChangePlanShape> {
  const { kind, changes, restarts, moves, dynamicSettings, topicsAtRisk, finalizes } = plan
  return {
    dryRun: true,
    action: 'change',
    kind,
    title: (kind && world.registry.find(kind)?.title) ?? 'Nothing to change',
    changes,
    restarts,
    adds: plan.joins.map(plannedNodeView),
    removes: plan.leaves.map(plannedNodeView),
    moves,
    dynamicSettings,
    topicsAtRisk,
    finalizes,
    expectedSeconds: plan.expectedSeconds,
    expectedFrom: plan.isTimeFromHistory ? 'history' : 'estimate',
    warnings: warningsOf(plan),
  }
}

function warningsOf(plan: ChangePlan): string[] {
  const { topicsAtRisk, finalizes, unknown } = plan
  return [
    ...plan.warnings,
    ...(unknown ? [`${unknown} Topics at risk and data to move are not known; the change waits until it does.`] : []),
    ...(topicsAtRisk.length > 0
      ? [
          `${topicsAtRisk.length} topic${topicsAtRisk.length === 1 ? ' has' : 's have'} too few replicas to live through a restart without a pause: producers to ${topicsAtRisk.length === 1 ? 'it' : 'them'} will wait.`,
        ]
      : []),
    ...(finalizes
      ? ['Until the new version is made final it can be rolled back; after that Kafka cannot go back.']
      : []),
  ]
}
