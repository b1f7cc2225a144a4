import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { uncompress } from 'snappyjs'
import { sendSeries, type Receiver } from './remote-write.ts'
import { encodeSeries } from './write-request.ts'

type Told = { request: IncomingMessage; body: Buffer }

let server: Server
let url: string
const told: Told[] = []
let answer: (response: ServerResponse) => void

before(async () => {
  server = createServer(async (request, response) => {
    told.push({ request, body: await buffer(request) })
    answer(response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/write?tenant=a`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const now = new Date('2026-01-01T00:00:00Z')
const body = encodeSeries([{ labels: [{ name: '__name__', value: 'up' }], value: 1, timestampMs: now.getTime() }])
const noauth = { kind: 'noauth' } as const
const send = (receiver: Partial<Receiver> = {}, limitMs = 2_000) =>
  sendSeries({ endPoint: url, authorization: noauth, ...receiver }, { body, now, limitMs })

const plainText = { 'content-type': 'text/plain; charset=utf-8' }

describe('sending', () => {
  test('says what it is, and brings the series whole', async () => {
    answer = (response) => response.writeHead(204).end()
    assert.deepEqual(await send(), { kind: 'taken' })
    const { request, body: sent } = told.at(-1)!
    assert.deepEqual([request.method, request.url], ['POST', '/write?tenant=a'])
    assert.equal(request.headers['content-encoding'], 'snappy')
    assert.equal(request.headers['content-type'], 'application/x-protobuf')
    assert.equal(request.headers['x-prometheus-remote-write-version'], '0.1.0')
    assert.equal(request.headers.authorization, undefined)
    assert.deepEqual(uncompress(sent), body)
  })

  test('signs in as it was told', async () => {
    answer = (response) => response.writeHead(200).end()
    await send({ authorization: { kind: 'basic', username: 'me', password: 'pä:ss' } })
    assert.equal(told.at(-1)!.request.headers.authorization, `Basic ${Buffer.from('me:pä:ss').toString('base64')}`)
    await send({ authorization: { kind: 'bearer', token: 'abc.def' } })
    assert.equal(told.at(-1)!.request.headers.authorization, 'Bearer abc.def')
  })

  test('goes nowhere else, and says where it was pointed', async () => {
    const before = told.length
    answer = (response) => response.writeHead(307, { Location: `${url}&again` }).end()
    const verdict = await send({ authorization: { kind: 'bearer', token: 'abc' } })
    assert.ok(verdict.kind === 'refused' && verdict.why.includes('points elsewhere (http://127.0.0.1'))
    assert.equal(told.length, before + 1)
  })

  test('reads no more of an endless answer than a person would', async () => {
    answer = (response) => {
      response.writeHead(500, plainText)
      const timer = setInterval(() => response.write('no '.repeat(400)), 1)
      response.on('close', () => clearInterval(timer))
    }
    const verdict = await send()
    assert.ok(verdict.kind === 'later' && verdict.why.startsWith('It answered 500: no no') && verdict.why.length < 250)
  })

  test('shows no secret of a receiver that repeats what it was sent', async () => {
    answer = (response) =>
      response.writeHead(400, plainText).end(`bad request: ${told.at(-1)!.request.headers.authorization}`)
    const password = 'mark-password-1'
    for (const authorization of [
      { kind: 'bearer', token: 'mark-token-1' },
      { kind: 'basic', username: 'me', password },
    ] as const) {
      const verdict = await send({ authorization })
      assert.ok(
        verdict.kind === 'refused' && /bad request: (Bearer|Basic) …$/.test(verdict.why),
        JSON.stringify(verdict),
      )
    }
    answer = (response) => response.writeHead(400, plainText).end(`${' '.repeat(1_014)}mark-password-1`)
    const verdict = await send({ authorization: { kind: 'basic', username: 'me', password } })
    assert.ok(verdict.kind === 'refused' && verdict.why === 'It answered 400')
  })

  test('shows nothing of what is no receiver of metrics', async () => {
    answer = (response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>inside</h1>')
    const verdict = await send()
    assert.ok(verdict.kind === 'refused' && verdict.why === 'It answered 404')
  })

  test('does not wait for ever', async () => {
    answer = () => {}
    const verdict = await send({}, 100)
    assert.deepEqual(verdict, { kind: 'later', why: 'It did not answer within 0.1 seconds', retryAfterSeconds: null })
  })

  test('says why nobody is reached', async () => {
    const verdict = await send({ endPoint: 'http://127.0.0.1:9/write' })
    assert.ok(verdict.kind === 'later' && verdict.why.startsWith('It cannot be reached: '), JSON.stringify(verdict))
  })
})
