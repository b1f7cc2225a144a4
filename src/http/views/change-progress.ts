import { z } from '@hono/zod-openapi'
import type { Operation } from '../../domain/operation.ts'
import { changeProgress } from '../../operations/change/change-progress.ts'
import { Allowed, Time } from './shapes.ts'

/** How far a change is, beside its steps: which node is on its way, what moved, and until when it can go back. */
const Report = z.object({
  partitionsExamined: z.number().int(),
  tightest: z.object({ topic: z.string(), partition: z.number().int(), spare: z.number().int() }).nullable(),
  quorum: z.object({ voters: z.number().int(), caughtUp: z.number().int(), largestLag: z.number().int() }).nullable(),
})

const Passage = z
  .object({
    kafkaId: z.number().int(),
    reasons: z.array(z.string()),
    at: Time,
    tookMs: z.number(),
    waitedMs: z.number(),
    waitedFor: z.array(z.string()),
    report: Report,
    canarySlowestMs: z.number().nullable(),
  })
  .openapi('GatePassage', { description: 'The evidence on which one node was restarted, and how it went.' })

export const ChangeProgressShape = z
  .object({
    finalize: z.enum(['automatic', 'manual']),
    soakSeconds: z.number().int(),
    rollingNode: z.number().int().nullable(),
    passages: z.array(Passage),
    topicsAtRisk: z.array(z.object({ topic: z.string(), why: z.string() })),
    moves: z
      .object({
        partitions: z.number().int(),
        partitionsLeft: z.number().int(),
        bytes: z.number(),
        bytesMoved: z.number(),
        secondsLeft: z.number().nullable(),
      })
      .nullable(),
    soakUntil: Time.nullable().openapi({ description: 'Rolling back is possible at least until then.' }),
    isTurnedBack: z.boolean(),
    turnedBackBecause: z
      .string()
      .nullable()
      .openapi({ description: 'Why it went back by itself; null: it has not, or a person asked for it.' }),
    isFinal: z.boolean(),
    canFinalize: Allowed,
  })
  .openapi('ChangeProgress')

export function changeProgressView(operation: Operation, now: Date): z.input<typeof ChangeProgressShape> | null {
  const progress = changeProgress(operation, now)
  if (!progress) return null
  const { options, topicsAtRisk, soakUntil, ...shown } = progress
  const { finalize, soakSeconds } = options
  return {
    finalize,
    soakSeconds,
    ...shown,
    topicsAtRisk: topicsAtRisk.map(({ topic, why }) => ({ topic, why })),
    soakUntil: soakUntil?.toISOString() ?? null,
    canFinalize: mayFinalize(operation),
  }
}

/** A change that waits for a person to make its version final stands still before that step. */
export function mayFinalize({ step, pausedAt, outcome }: Operation): { allowed: boolean; why?: string } {
  if (outcome === 'active' && step === 'finalize' && pausedAt) return { allowed: true }
  return {
    allowed: false,
    why: 'Only an upgrade whose nodes all run the new version, and that waits for it, can be made final.',
  }
}
