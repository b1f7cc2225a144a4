import { Connection } from '@platformatic/kafka'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'

/** Signing in by SASL PLAIN to one broker, at its address and port; `ca` is a file and means TLS. */
export type SignIn = { user: string; password: string; ca?: string | undefined }

/** What the broker said; nothing: it let the user in. */
export async function signInByPlain(server: string, { user, password, ca }: SignIn): Promise<string> {
  const connection = new Connection('millrace-test', {
    connectTimeout: 10_000,
    requestTimeout: 10_000,
    sasl: { mechanism: 'PLAIN', username: user, password },
    ...(ca && { tls: { ca: await readFile(ca, 'utf8') } }),
  })
  connection.on('error', () => {})
  const [host, port] = server.split(':')
  try {
    await connection.connect(host!, Number(port))
    return ''
  } catch (thrown) {
    return wordsOf(thrown)
  } finally {
    connection.close().catch(() => {})
  }
}

const wordsOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.message} ${wordsOf(thrown.cause)}`.trim() : ''

/** The same with librdkafka, which must be let in. */
export async function kcatSignsIn(server: string, { user, password, ca }: SignIn): Promise<void> {
  const settings = [
    `security.protocol=${ca ? 'sasl_ssl' : 'sasl_plaintext'}`,
    'sasl.mechanism=PLAIN',
    `sasl.username=${user}`,
    `sasl.password=${password}`,
    ...(ca ? [`ssl.ca.location=${ca}`] : []),
  ].flatMap((setting) => ['-X', setting])
  const child = spawn('kcat', ['-L', '-m', '10', '-b', server, ...settings])
  let words = ''
  child.stdout.resume()
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`kcat ended with ${code}: ${words}`)
}
