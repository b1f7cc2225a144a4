import { startTestServer, type TestServer } from '../../test/harness/postgres-server.ts'

/** One PostgreSQL of each kind for the whole run, started when the first group asks for it. */
const servers = new Map<string | undefined, Promise<TestServer>>()

/** Where it listens. */
export async function serverFor(binaries: string | undefined): Promise<string> {
  const server = servers.get(binaries) ?? startTestServer(binaries)
  servers.set(binaries, server)
  return (await server).connection.host
}

export async function stopServers(): Promise<void> {
  for (const server of servers.values()) await (await server).stop()
}
