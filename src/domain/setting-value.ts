import type { SettingDefinition, SettingRange, SettingType } from './setting-catalogue.ts'
import { rangeWords } from './setting-catalogue.ts'

/**
 * In bytes. Kafka's protocol counts those of a text with 15 bits and closes the connection over more; what it says of a value
 * that it refuses holds it whole, and must have room as well.
 */
export const longestValue = 32_000
export const isTooLong = (value: string): boolean => new TextEncoder().encode(value).length > longestValue
export const lengthRule = `The value of a setting has at most ${longestValue.toLocaleString('en')} bytes.`

/**
 * Is a value one that Kafka would read? Undefined: yes. As its `ConfigDef` does: spaces around are nothing, `True` is true, and
 * a value that a provider is asked for (`${file:…}`) is known to nobody before the start.
 */
export function settingValueProblem(
  value: string,
  { key, type, range }: Pick<SettingDefinition, 'key' | 'type' | 'range'>,
): string | undefined {
  if (isTooLong(value)) return lengthRule
  const text = value.trim()
  if (/\$\{[^}]+\}/.test(text)) return undefined
  if (!isOfType[type](text)) return `${key} is ${typeWords[type]}; "${shortened(text)}" is not.`
  if (!range || isInRange(text, type, range)) return undefined
  return `${key} is ${rangeWords(range)}; this is ${text === '' ? 'empty' : `"${shortened(text)}"`}.`
}

const isWhole = (least: bigint, most: bigint) => (text: string) =>
  /^[+-]?\d{1,20}$/.test(text) && BigInt(text.replace('+', '')) >= least && BigInt(text.replace('+', '')) <= most

const signed = (bits: bigint) => isWhole(-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n)

const isAnything = () => true

const isOfType: Record<SettingType, (text: string) => boolean> = {
  boolean: (text) => /^(true|false)$/i.test(text),
  short: signed(16n),
  int: signed(32n),
  long: signed(64n),
  double: (text) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text),
  string: isAnything,
  list: isAnything,
  password: isAnything,
  class: (text) => /^[\p{L}_$][\p{L}\d_$]*(\.[\p{L}_$][\p{L}\d_$]*)*$/u.test(text),
}

const typeWords: Record<SettingType, string> = {
  boolean: 'true or false',
  short: 'a whole number of 16 bits',
  int: 'a whole number of 32 bits',
  long: 'a whole number of 64 bits',
  double: 'a number',
  string: 'a text',
  list: 'a list',
  password: 'a secret',
  class: 'the name of a Java class',
}

function isInRange(text: string, type: SettingType, range: SettingRange): boolean {
  const { least = -Infinity, most = Infinity, also, oneOf, ignoresCase, notEmpty } = range
  if (notEmpty) return text !== ''
  if (oneOf) {
    const plain = (word: string) => (ignoresCase ? word.toLowerCase() : word)
    const items = type === 'list' ? text.split(/\s*,\s*/).filter((item) => item !== '') : [text]
    return items.every((item) => oneOf.some((choice) => plain(choice) === plain(item)))
  }
  const number = Number(text)
  return number === also || (number >= least && number <= most)
}

const longestShown = 60
const shortened = (text: string) => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text)
