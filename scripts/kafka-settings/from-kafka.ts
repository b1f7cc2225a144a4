import type { SettingRange } from '../../src/domain/setting-catalogue.ts'

/** From what `Settings.java` prints to what the committed files say. */
export type PrintedSetting = {
  type: string
  default: string | null
  /** The class of Kafka's validator, and the validator in its own words. */
  validator: string | null
  range: string | null
  importance: string
  updateMode: string
  documentation: string | null
}

/** What can be checked without Kafka; null: nothing, or only Kafka can. */
export function rangeOf({ validator, range }: Pick<PrintedSetting, 'validator' | 'range'>): SettingRange | null {
  if (validator === null || range === null) return null
  if (validator === 'NonEmptyString') return { notEmpty: true }
  // Kafka's newer validator of lists also guards those of any values, and then has no words.
  if (['ValidString', 'ValidList', 'CaseInsensitiveValidString'].includes(validator)) return choiceOf(range)
  return numbersOf(range)
}

function choiceOf(range: string): SettingRange | null {
  const [, values] = /^(?:\(case insensitive\) )?\[(.+)\]$/.exec(range) ?? []
  if (!values) return null
  return { oneOf: values.split(', '), ...(range.startsWith('(case') && { ignoresCase: true }) }
}

/** `[1,...]`, `[...,9]`, `[1,...,9]`, `[1,...,9] or -1`. */
function numbersOf(range: string): SettingRange | null {
  const parts = /^\[(?:(-?[\d.]+),)?\.\.\.(?:,(-?[\d.]+))?\](?: or (-?\d+))?$/.exec(range)
  if (!parts) return null
  const [, least, most, also] = parts
  return {
    ...(least !== undefined && { least: Number(least) }),
    ...(most !== undefined && { most: Number(most) }),
    ...(also !== undefined && { also: Number(also) }),
  }
}
