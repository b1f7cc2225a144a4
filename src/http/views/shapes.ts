import { z } from '@hono/zod-openapi'

/** Shapes that many answers share. */
export const Time = z.string().openapi({ format: 'date-time', description: 'RFC 3339' })

export const Allowed = z
  .object({ allowed: z.boolean(), why: z.string().optional() })
  .openapi('Allowed', { description: 'May this be done now, and if not, why.' })

export const PublicError = z
  .object({ code: z.string(), message: z.string(), detail: z.string().optional() })
  .openapi('PublicError')

export const NamedStep = z.object({ name: z.string(), title: z.string() })

/** The envelope of every list. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    pageNum: z.number().int(),
    pageSize: z.number().int(),
    total: z.number().int(),
    totalPage: z.number().int(),
    list: z.array(item),
  })

export type Paging = { page: number; size: number }

export const pageView = <T>({ page, size }: Paging, total: number, list: T[]) => ({
  pageNum: page,
  pageSize: size,
  total,
  totalPage: Math.ceil(total / size),
  list,
})

/** A list that is never cut. */
export const wholeView = <T>(list: T[]) => pageView({ page: 1, size: Math.max(1, list.length) }, list.length, list)

const wholeNumber = (least: number, most: number, message: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message))

/** `page` from 1, `size` to 200. */
export const pagingQuery = {
  page: wholeNumber(1, 1_000_000, 'A page number is a whole number from 1.').default(1).openapi({ type: 'integer' }),
  size: wholeNumber(1, 200, 'A page has 1 to 200 entries.').default(50).openapi({ type: 'integer' }),
}

export const flag = z.enum(['true', 'false'], 'This is either true or false.').transform((value) => value === 'true')

/** One of several values, given as `a,b` or by repeating the parameter. */
export const severalOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given) =>
      [given]
        .flat()
        .flatMap((text) => text.split(','))
        .filter((text) => text !== ''),
    )
    .pipe(z.array(z.enum(values, `Each is one of ${values.join(', ')}.`)))
    .openapi({ type: 'array', items: { type: 'string', enum: [...values] } })
