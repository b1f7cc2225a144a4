import type { HttpApp } from '../../src/http/app.ts'

/** Asks the API in this process, as one member or as nobody. */
export type Client = {
  headers: Record<string, string>
  get: Ask
  delete: Ask
  post: AskWithBody
  put: AskWithBody
  patch: AskWithBody
  /** Whatever the others cannot say. The path is whole. */
  send(method: string, path: string, init?: RequestInit): Promise<Answer>
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests read answers of every shape, and assert on what they read.
export type Answer = { status: number; headers: Headers; text: string; body: any }

type Ask = (path: string, headers?: Record<string, string>) => Promise<Answer>
type AskWithBody = (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>

export const origin = 'http://millrace.test'

type Send = Client['send']

/** Sends to the app in this process, as nobody unless `own` headers say who. */
export const sendTo =
  ({ hono }: HttpApp, own: Record<string, string> = {}): Send =>
  async (method, path, init = {}) => {
    const headers = { host: 'millrace.test', ...own, ...(init.headers as Record<string, string>) }
    const response = await hono.request(`${origin}${path}`, { ...init, method, headers })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== ''
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }

export const makeClient = (app: HttpApp, own: Record<string, string> = {}): Client => clientFrom(sendTo(app, own), own)

/** Paths of the verbs begin below `/api/v1`. */
export function clientFrom(send: Send, own: Record<string, string> = {}): Client {
  const ask =
    (method: string): Ask =>
    (path, headers = {}) =>
      send(method, `/api/v1${path}`, { headers })
  const askWithBody =
    (method: string): AskWithBody =>
    (path, body, headers = {}) =>
      send(method, `/api/v1${path}`, {
        headers: { 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
  return {
    headers: own,
    get: ask('GET'),
    delete: ask('DELETE'),
    post: askWithBody('POST'),
    put: askWithBody('PUT'),
    patch: askWithBody('PATCH'),
    send,
  }
}
