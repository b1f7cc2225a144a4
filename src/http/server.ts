import { serve, type ServerType } from '@hono/node-server'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpApp } from './app.ts'

export type HttpServer = {
  url: string
  /** Answers with this app from now on. */
  serve(app: HttpApp): void
  close(): Promise<void>
}

type Where = { host: string; port: number }
type Answers = (request: Request, environment: object) => Response | Promise<Response>

/** Listens, and says where. A taken port is one clear line. */
export async function serveHttp(app: HttpApp, where: Where): Promise<HttpServer> {
  return await listenHttp(where, app.hono.fetch)
}

/** The same before there is an app: the port is taken at once, and everybody is told that Millrace starts. */
export async function listenHttp({ host, port }: Where, whileStarting: Answers): Promise<HttpServer> {
  let answer = whileStarting
  const server = await listening((request, environment) => answer(request, environment), { host, port })
  const { port: taken } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${name}:${taken}`,
    serve: (app) => void (answer = app.hono.fetch),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // Event streams never end by themselves.
        server.closeAllConnections()
      }),
  }
}

async function listening(fetch: Answers, { host, port }: Where): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>()
  const server: ServerType = serve({ fetch, hostname: host, port }, () => resolve(server as Server))
  server.on('error', (error: NodeJS.ErrnoException) => reject(new Error(wordsFor(error, host, port))))
  return await promise
}

function wordsFor(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken. Stop what uses it, or choose another with PORT=8081 npm start.`
  if (error.code === 'EACCES')
    return `Port ${port} needs more rights than Millrace has. Choose one from 1024 with PORT=8081 npm start.`
  if (error.code === 'EADDRNOTAVAIL') return `This machine has no address ${host}: HOST is wrong.`
  return `Cannot listen on ${host}:${port}: ${error.message}`
}
