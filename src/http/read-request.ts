import type { Context } from 'hono'
import type { z } from 'zod'
import { AppError, type FieldProblem } from '../domain/errors.ts'

/** Reads what a caller sent; whatever is wrong with it becomes one error that names each field and its rule. */
const longestBody = 1024 * 1024

/** The raw text: idempotency hashes it, so a parser must not come first. */
export const readBody = async (c: Context): Promise<string> => Buffer.from(await readBodyBytes(c)).toString('utf8')

/** The bytes as they came, which a signature is of. Read once, and kept with the request for who asks again. */
export async function readBodyBytes(c: Context): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = kept.get(c.req.raw) ?? (await bytesOf(c))
  kept.set(c.req.raw, bytes)
  return bytes
}

const kept = new WeakMap<Request, Uint8Array<ArrayBuffer>>()

async function bytesOf(c: Context): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(c.req.header('content-length') ?? 0) > longestBody) throw tooLarge()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of c.req.raw.body ?? []) {
    length += chunk.length
    if (length > longestBody) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
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
  const value = parseText(text)
  if (!isStorable(value)) throw unstorable()
  return value
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // The engine quotes what stands around the fault, which may be a secret.
    const why = cause instanceof Error ? cause.message.replace(/, (?:\.\.\.)?".*/s, '') : ''
    throw new AppError('invalid', 'Request.MalformedJson', 'The body is not valid JSON.', { detail: why, cause })
  }
}

/** No database stores a NUL, nor half of a surrogate pair. Without recursion: a body may be nested as deep as it is long. */
function isStorable(value: unknown): boolean {
  const left = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string' && !isStorableText(next)) return false
    if (typeof next === 'object' && next !== null) for (const pair of Object.entries(next)) left.push(...pair)
  }
  return true
}

const isStorableText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

const unstorable = () =>
  new AppError('invalid', 'Request.UnstorableText', 'A text holds a NUL character or half a surrogate pair.')

/** Ids in a path: anything that no id could be is an id of nothing. Names may be any text. */
export function readParams(given: Record<string, string>, names: readonly string[] = []): Record<string, string> {
  const isRight = ([param, value]: [string, string]) =>
    names.includes(param) ? isStorableText(value) && value.length <= longestName : /^[\w.-]{1,100}$/.test(value)
  if (Object.entries(given).every(isRight)) return given
  throw new AppError(
    'not-found',
    'Request.NoSuchPath',
    'There is nothing at this path: an id has letters, digits and "-".',
  )
}

const longestName = 255

/** A parameter given twice is a list; `a,b` is too, where the schema takes one. */
export function readQuery(schema: z.ZodType | undefined, given: Record<string, string[]>): unknown {
  if (!isStorable(given)) throw unstorable()
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
