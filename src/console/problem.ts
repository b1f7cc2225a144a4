/** What the server refused, in the words it used. Where it is shown depends on the place: a form, a dialog, a page. */
export type FieldProblem = { path: string; message: string }

type ProblemFields = {
  status: number
  code: string
  message: string
  detail?: string | undefined
  fields?: FieldProblem[] | undefined
  requestId?: string | undefined
}

export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string | undefined
  readonly fields: FieldProblem[]
  readonly requestId: string | undefined

  constructor(from: ProblemFields) {
    super(from.message)
    this.name = 'Problem'
    this.status = from.status
    this.code = from.code
    this.detail = from.detail
    this.fields = from.fields ?? []
    this.requestId = from.requestId
  }
}

type ErrorBody = { error?: { code?: string; message?: string; detail?: string; fields?: FieldProblem[] } }

export function problemFrom(response: Response, body: unknown): Problem {
  const error = (body as ErrorBody | undefined)?.error
  return new Problem({
    status: response.status,
    code: error?.code ?? `Http.${response.status}`,
    message: error?.message ?? `Millrace answered ${response.status} without saying why.`,
    detail: error?.detail || undefined,
    fields: error?.fields,
    requestId: response.headers.get('x-request-id') ?? undefined,
  })
}

/** Anything thrown, as a Problem: what is not an answer of Millrace means that there was none. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  return new Problem({
    status: 0,
    code: 'Console.NoAnswer',
    message: 'Millrace does not answer. Is it still running?',
    detail: thrown instanceof Error ? thrown.message : undefined,
  })
}

export const isNotFound = (thrown: unknown): boolean => thrown instanceof Problem && thrown.status === 404
