import { randomBytes } from 'node:crypto'
import { Agent, request, type IncomingMessage } from 'node:http'

/** The API as a client has it: one sign-in, connections that are kept. */
export type Api = {
  /** Throws when the answer is no success. */
  send<T>(method: string, path: string, body?: unknown): Promise<T>
  /** The status alone. */
  status(method: string, path: string): Promise<number>
  /** The path's server-sent events, as text, until it is destroyed. */
  open(path: string): Promise<IncomingMessage>
  close(): void
}

type Sending = { method: string; path: string; body?: unknown; headers?: Record<string, string> }

export async function makeApi(url: string, credentials: { user: string; password: string }): Promise<Api> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity })

  const open = ({ method, path, body, headers }: Sending): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const all = {
        ...headers,
        ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      }
      const sent = request(`${url}/api/v1${path}`, { method, agent, headers: all }, resolve)
      sent.on('error', reject)
      sent.end(text)
    })

  const signedIn = await open({ method: 'POST', path: '/sessions', body: credentials })
  signedIn.resume()
  const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0]
  if (!cookie) throw new Error(`signing in was answered with ${signedIn.statusCode}`)
  const headers = { cookie }

  return {
    async send<T>(method: string, path: string, body?: unknown) {
      const response = await open({ method, path, body, headers })
      const text = await textOf(response)
      if (response.statusCode! >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`)
      return (text ? JSON.parse(text) : undefined) as T
    },
    async status(method, path) {
      const response = await open({ method, path, headers })
      response.resume()
      return response.statusCode!
    },
    open: (path) => open({ method: 'GET', path, headers }),
    close: () => agent.destroy(),
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** The body of a create of the least Instance, in the three zones of its environment. */
export const newInstance = (zones: string, more: object = {}) => ({
  name: `bench-${randomBytes(6).toString('hex')}`,
  version: '4.3.1',
  spec: { reservedAku: 3, networks: ['a', 'b', 'c'].map((letter) => ({ zone: `${zones}-${letter}` })) },
  ...more,
})
