import fc from 'fast-check'
import document from '../../openapi.json' with { type: 'json' }

/** Values that come near a schema of the API document and miss it: of the right shape as a rule, with odd things in it. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
}

/** Well-formed Unicode: of it alone can a URL be made. */
export const oddText = (least = 0): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary', minLength: least, maxLength: 20 }),
    fc.string({ minLength: least, maxLength: 300 }),
    fc.constantFrom('\0', '..', '../..', '__proto__', 'null', '-1', '*', "'; --", '订单', 'x'.repeat(5_000)),
  )

const oddNumber = fc.oneof(
  fc.integer({ min: -3, max: 2_000 }),
  fc.maxSafeInteger(),
  fc.constantFrom(0.5, -0, 2 ** 31, 2 ** 53, 1e308),
)

const anything = fc.oneof(fc.constantFrom<unknown>(null, true, [], {}, '', [[[]]]), oddNumber, fc.jsonValue())

const oneOf = (likely: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 7, arbitrary: likely }, { weight: 1, arbitrary: anything })

const depthLimit = 6

export function oddValueOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  if (depth > depthLimit) return anything
  const { $ref, enum: values, items, properties } = schema
  if ($ref) return oddValueOf(named($ref), depth)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map((one) => oddValueOf(one, depth + 1)))
  if (values) return oneOf(fc.constantFrom(...values))
  const type = [schema.type].flat()[0]
  if (type === 'object' || properties) return oneOf(oddObject(properties ?? {}, depth))
  if (type === 'array') return oneOf(fc.array(oddValueOf(items ?? {}, depth + 1), { maxLength: 3 }))
  if (type === 'integer' || type === 'number') return oneOf(oddNumber)
  if (type === 'boolean') return oneOf(fc.boolean())
  return oneOf(oddText())
}

/** Any field may be missing, and one may be there that nobody knows. */
function oddObject(properties: Record<string, Schema>, depth: number): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, oddValueOf(schema, depth + 1)]),
  )
  const missing = fc.record(fields, { requiredKeys: [] })
  const whole = fc.record(fields)
  const unknown = fc.tuple(missing, oddText(1), anything).map(([known, name, value]) => ({ ...known, [name]: value }))
  return fc.oneof({ weight: 4, arbitrary: whole }, { weight: 2, arbitrary: missing }, { weight: 1, arbitrary: unknown })
}

function named(ref: string): Schema {
  const name = ref.split('/').at(-1)!
  return (document.components.schemas as unknown as Record<string, Schema>)[name]!
}
