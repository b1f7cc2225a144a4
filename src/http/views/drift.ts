import { z } from '@hono/zod-openapi'
import { driftKinds, type DriftItem } from '../../domain/drift.ts'
import type { Answer } from '../../domain/instance.ts'

/** Drift as the wire shows it. */
const AnswerShape = z.object({ allowed: z.boolean(), why: z.string().nullable() })

export const DriftItemShape = z
  .object({
    id: z.string().openapi({ description: 'Names the item in a request; the same from look to look.' }),
    kind: z.enum(driftKinds),
    kafkaId: z.number().int().nullable().openapi({ description: 'null: it is about the whole cluster.' }),
    key: z.string().nullable().openapi({ description: 'Of a setting.' }),
    is: z.string().nullable().openapi({ description: 'null: it is not there, or nobody can tell.' }),
    shouldBe: z.string().nullable().openapi({ description: 'null: it should not be there.' }),
    isSecret: z.boolean().openapi({ description: 'Its values are hidden.' }),
    adopt: AnswerShape,
    revert: AnswerShape,
  })
  .openapi('DriftItem')

export const driftItemView = (item: DriftItem): z.input<typeof DriftItemShape> => ({
  ...item,
  is: item.isSecret ? null : item.is,
  shouldBe: item.isSecret ? null : item.shouldBe,
  adopt: answerView(item.adopt),
  revert: answerView(item.revert),
})

const answerView = (answer: Answer) => ({ allowed: answer.allowed, why: answer.allowed ? null : answer.why })
