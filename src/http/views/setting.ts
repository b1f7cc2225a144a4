import { z } from '@hono/zod-openapi'
import { isDynamic, rangeWords, settingTypes } from '../../domain/setting-catalogue.ts'
import type { SettingCatalogue, SettingDefinition } from '../../domain/setting-catalogue.ts'

const definitionFields = {
  key: z.string(),
  type: z.enum(settingTypes),
  default: z.string().nullable().openapi({ description: "Kafka's own; null: there is none." }),
  range: z.string().nullable().openapi({ description: 'In words, such as "at least 1"; null: anything of its type.' }),
  importance: z.enum(['high', 'medium', 'low']),
  updateMode: z.enum(['read-only', 'per-broker', 'cluster-wide']).openapi({ description: 'As Kafka has it.' }),
  needsRestart: z.boolean().openapi({ description: 'Whether a change of it restarts the nodes, one after the other.' }),
  isSecret: z.boolean(),
  documentation: z.string(),
}

export const SettingShape = z.object(definitionFields).openapi('Setting')

export const EffectiveSettingShape = z
  .object({
    ...definitionFields,
    value: z
      .string()
      .nullable()
      .openapi({ description: 'In force on a broker; null for a secret, or when none tells.' }),
    source: z
      .enum(['dynamic-default', 'dynamic-broker', 'static', 'default', 'other'])
      .nullable()
      .openapi({ description: 'Where Kafka has the value from; null when no broker tells.' }),
    wanted: z.string().nullable().openapi({ description: 'What this Instance was given; null: nothing.' }),
  })
  .openapi('EffectiveSetting')

export function settingView(definition: SettingDefinition, catalogue: SettingCatalogue): z.input<typeof SettingShape> {
  const { key, type, importance, updateMode, isSecret, documentation } = definition
  return {
    key,
    type,
    default: definition.default,
    range: rangeWords(definition.range),
    importance,
    updateMode,
    needsRestart: !isDynamic(key, catalogue),
    isSecret,
    documentation,
  }
}
