import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { serveHttp } from '../../../src/http/server.ts'
import { makeApp, type TestApp } from '../../harness/app.ts'
import { createInstance } from '../../harness/instances.ts'

/** What only a real socket shows. */
async function listen(app: TestApp) {
  const server = await serveHttp(app.http, { host: '127.0.0.1', port: 0 })
  return { ...server, port: Number(new URL(server.url).port), [Symbol.asyncDispose]: server.close }
}

/** Writes raw HTTP and reads until the server closes or the answer is whole enough. */
async function sendRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(text)
  let answer = ''
  for await (const chunk of socket) {
    answer += String(chunk)
    if (answer.includes('\r\n\r\n') && answer.trimEnd().endsWith('}')) break
  }
  socket.destroy()
  return answer
}

test('TRACE is 405 in our own error body', async () => {
  await using app = await makeApp()
  await using server = await listen(app)
  const answer = await sendRaw(server.port, 'TRACE /healthz HTTP/1.1\r\nHost: millrace.test\r\n\r\n')
  assert.match(answer, /^HTTP\/1\.1 405 /)
  assert.match(answer, /Request\.WrongMethod/)
  assert.match(answer, /^allow: GET/im)
})

test('a body that says it is huge is refused before it is sent', async () => {
  await using app = await makeApp()
  const client = await app.signIn()
  await using server = await listen(app)
  const head = `POST /api/v1/instances HTTP/1.1\r\nHost: millrace.test\r\nCookie: ${client.headers['cookie']}\r\n`
  const answer = await sendRaw(server.port, `${head}Content-Length: 99999999\r\n\r\n{`)
  assert.match(answer, /^HTTP\/1\.1 413 /)
  assert.match(answer, /Request\.TooLarge/)
})

test('a body without an end is cut off at the limit', async () => {
  await using app = await makeApp()
  const client = await app.signIn()
  await using server = await listen(app)
  const asking = request(`${server.url}/api/v1/instances`, {
    method: 'POST',
    headers: { ...client.headers, 'transfer-encoding': 'chunked' },
  })
  asking.on('error', () => {})
  for (let count = 0; count < 20; count++) asking.write('x'.repeat(100_000))
  const [answer] = await once(asking, 'response')
  assert.equal(answer.statusCode, 413)
  asking.destroy()
})

test('the session that a cookie opens works over the wire, from this machine’s address', async () => {
  await using app = await makeApp()
  const client = await app.signIn()
  await using server = await listen(app)
  const { host } = new URL(server.url)
  const answer = await fetch(`${server.url}/api/v1/sessions/current`, {
    method: 'DELETE',
    headers: { ...client.headers, origin: `http://${host}` },
  })
  assert.equal(answer.status, 204)
  const row = await app.database.db
    .selectFrom('audit_events')
    .selectAll()
    .where('action', '=', 'session.end')
    .executeTakeFirstOrThrow()
  assert.equal(row.source, '127.0.0.1')
})

describe('the event stream over a socket', () => {
  test('brings a change, and costs nothing more when its reader has gone', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    await using server = await listen(app)
    const going = new AbortController()
    const { headers } = client
    const answer = await fetch(`${server.url}/api/v1/events/stream`, { headers, signal: going.signal })
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    await createInstance(client)
    let text = ''
    while (!text.includes('event: change')) text += (await reader.read()).value
    going.abort()
    await assert.rejects(reader.read())
    await createInstance(client, { name: 'payments' })
  })

  test('does not keep Millrace from stopping', async () => {
    await using app = await makeApp()
    const client = await app.signIn()
    const server = await listen(app)
    const answer = await fetch(`${server.url}/api/v1/events/stream`, { headers: client.headers })
    const reader = answer.body!.getReader()
    await reader.read()
    await server.close()
    await assert.rejects(async () => {
      for (;;) if ((await reader.read()).done) throw new Error('ended')
    })
  })
})

test('a taken port is one clear line', async () => {
  await using app = await makeApp()
  await using server = await listen(app)
  await assert.rejects(serveHttp(app.http, { host: '127.0.0.1', port: server.port }), {
    message: `Port ${server.port} on 127.0.0.1 is taken. Stop what uses it, or choose another with PORT=8081 npm start.`,
  })
})
