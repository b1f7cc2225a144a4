import { z } from '@hono/zod-openapi'
import type { Operation } from '../../domain/operation.ts'
import { changeProgress } from '../../operations/change/change-progress.ts'
import { waitsForFinalWord } from '../../operations/change/finality.ts'
import { Allowed, Time } from './shapes.ts'

/** How far a change is, beside its steps: which node is on its way, what moved, and until when it can go back. */
const Report = z.object({
  partitionsExamined: z.number().int(),
  tightest: z.object({ topic: z.string(), partition: z.number().int(), spare: z.number().int() }).nullable(),
  quorum: z.object({ voters: z.number().int(), caughtUp: z.number().int(), largestLag: z.number().int() }).nullable(),
})

const Waits = z.object({
  waitedMs: z.number(),
  waitedFor: z
    .array(z.object({ why: z.string(), ms: z.number() }))
    .openapi({ description: 'The reasons that held it longest, the longest first.' }),
})

const Passage = z
  .object({
    kafkaId: z.number().int(),
    reasons: z.array(z.string()),
    fate: z
      .enum(['through', 'left', 'under-way'])
      .openapi({ description: 'left: the roll went another way before the Instance was whole again.' }),
    at: Time,
    tookMs: z.number(),
    before: Waits.openapi({ description: 'What the gate waited for before the node stopped.' }),
    after: Waits.openapi({ description: 'And until the Instance was whole again.' }),
    report: Report,
    canary: z
      .object({ sent: z.number().int(), readBack: z.number().int(), slowestMs: z.number().nullable() })
      .nullable()
      .openapi({ description: 'Test records that were sent since its start, and those that came back.' }),
  })
  .openapi('GatePassage', { description: 'The evidence on which one node was restarted, and how it went.' })

export const ChangeProgressShape = z
  .object({
    finalize: z.enum(['automatic', 'manual']),
    soakSeconds: z.number().int(),
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
    soakSecondsLeft: z
      .number()
      .nullable()
      .openapi({ description: 'Of watching the new version; stands still in a pause.' }),
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
  const { options, topicsAtRisk, soakUntil, ...told } = progress
  const { finalize, soakSeconds } = options
  return {
    finalize,
    soakSeconds,
    ...told,
    topicsAtRisk: topicsAtRisk.map(({ topic, why }) => ({ topic, why })),
    soakUntil: soakUntil?.toISOString() ?? null,
    canFinalize: mayFinalize(operation),
  }
}

/** A change that waits for a person to make its version final stands still before that step. */
export function mayFinalize(operation: Operation): { allowed: boolean; why?: string } {
  if (waitsForFinalWord(operation)) return { allowed: true }
  return {
    allowed: false,
    why: 'Only an upgrade whose nodes all run the new version, and that waits for it, can be made final.',
  }
}
