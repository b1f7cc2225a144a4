import type { Context } from 'hono'
import type { z } from 'zod'
import { AppError, type FieldProblem } from '../domain/errors.ts'

/** Reads what a caller sent; whatever is wrong with it becomes one error that names each field and its rule. */
const longestBody = 1024 * 1024

/** The raw text: idempotency hashes it, so a parser must not come first. */
export async function readBody(c: Context): Promise<string> {
  if (Number(c.req.header('content-length') ?? 0) > longestBody) throw tooLarge()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of c.req.raw.body ?? []) {
    length += chunk.length
    if (length > longestBody) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const tooLarge = () => new AppError('limit', 'Request.TooLarge', `A request body has at most ${longestBody} bytes.`)

export function parseBody<B extends z.ZodType>(schema: B, text: string): z.output<B> {
  const parsed = schema.safeParse(parseJson(text))
  if (!parsed.success) throw refusal('Request.Invalid', fieldProblems(parsed.error))
  return parsed.data
}

function parseJson(text: string): unknown {
  if (text.trim() === '')
    throw new AppError('invalid', 'Request.NoBody', 'This request needs a JSON object as its body.')
  try {
    return JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : ''
    throw new AppError('invalid', 'Request.MalformedJson', 'The body is not valid JSON.', { detail: why, cause })
  }
}

/** A parameter given twice is a list; `a,b` is too, where the schema takes one. */
export function readQuery(schema: z.ZodType | undefined, given: Record<string, string[]>): unknown {
  const flat = Object.fromEntries(
    Object.entries(given).map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  )
  if (!schema) {
    const unknown = Object.keys(flat)[0]
    if (unknown !== undefined)
      throw refusal('Request.Invalid', [{ path: unknown, message: `There is no parameter "${unknown}" here.` }])
    return {}
  }
  const parsed = schema.safeParse(flat)
  if (!parsed.success) throw refusal('Request.Invalid', fieldProblems(parsed.error))
  return parsed.data
}

export function refusal(code: string, fields: FieldProblem[]): AppError {
  const first = fields[0]
  const message = first ? (first.path ? `${first.path}: ${first.message}` : first.message) : 'The request is not right.'
  return new AppError('invalid', code, message, { fields })
}

function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.join('.')
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
    return issue.keys.map((key) => ({
      path: path ? `${path}.${key}` : key,
      message: `There is no field "${key}" here. Check its spelling.`,
    }))
  })
}
