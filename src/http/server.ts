import { serve, type ServerType } from '@hono/node-server'
import type { Server } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import type { HttpApp } from './app.ts'

export type HttpServer = { url: string; close(): Promise<void> }

/** Listens, and says where. A taken port is one clear line. */
export async function serveHttp(app: HttpApp, { host, port }: { host: string; port: number }): Promise<HttpServer> {
  const server = await listening(app, host, port)
  const { port: taken } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${name}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // Event streams never end by themselves.
        server.closeAllConnections()
      }),
  }
}

/** Says so before the set-up of a first start, which takes a while. Somebody may still take it meanwhile: `serveHttp` tells. */
export async function refuseTakenPort({ host, port }: { host: string; port: number }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const probe = createServer()
  probe.on('error', (error) => reject(new Error(wordsFor(error, host, port))))
  probe.listen(port, host, () => probe.close(() => resolve()))
  await promise
}

async function listening(app: HttpApp, hostname: string, port: number): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>()
  const server: ServerType = serve({ fetch: app.hono.fetch, hostname, port }, () => resolve(server as Server))
  server.on('error', (error: NodeJS.ErrnoException) => reject(new Error(wordsFor(error, hostname, port))))
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
