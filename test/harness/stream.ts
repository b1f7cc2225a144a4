import type { HttpApp } from '../../src/http/app.ts'
import type { Client } from './client.ts'
import { origin } from './client.ts'

/** A reader of the event stream, in the same process as its writer. */
export type StreamReader = {
  status: number
  headers: Headers
  /** The next message as its fields; throws when there is none within the limit. Comments have the field `comment`. */
  next(): Promise<Record<string, string>>
  /** Resolves when the server has ended the stream. */
  ended(): Promise<void>
  close(): Promise<void>
}

const limitMs = 10_000

export async function openStream(
  { hono }: HttpApp,
  client: Client,
  asked: { query?: string; headers?: Record<string, string> } = {},
): Promise<StreamReader> {
  const response = await hono.request(`${origin}/api/v1/events/stream${asked.query ?? ''}`, {
    headers: { ...client.headers, ...asked.headers },
  })
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  let text = ''

  const read = async (): Promise<boolean> => {
    const timeout = Promise.withResolvers<never>()
    const timer = setTimeout(() => timeout.reject(new Error(`nothing came within ${limitMs} ms`)), limitMs)
    const { done, value } = await Promise.race([reader.read(), timeout.promise]).finally(() => clearTimeout(timer))
    text += decoder.decode(value, { stream: true })
    return !done
  }
  return {
    status: response.status,
    headers: response.headers,
    async next() {
      while (!text.includes('\n\n')) if (!(await read())) throw new Error('the stream has ended')
      const end = text.indexOf('\n\n')
      const message = text.slice(0, end)
      text = text.slice(end + 2)
      return fieldsOf(message)
    },
    async ended() {
      while (await read());
    },
    close: () => reader.cancel(),
  }
}

const fieldsOf = (message: string): Record<string, string> =>
  Object.fromEntries(
    message.split('\n').map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon) || 'comment', line.slice(colon + 1).trim()]
    }),
  )
