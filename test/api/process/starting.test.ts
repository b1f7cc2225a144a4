import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { listenHttp, type HttpServer } from '../../../src/http/server.ts'
import { makeStartingApp } from '../../../src/http/starting.ts'
import { environmentId, makeApp } from '../../harness/app.ts'

describe('while Millrace starts', () => {
  let server: HttpServer
  before(async () => {
    server = await listenHttp({ host: '127.0.0.1', port: 0 }, makeStartingApp({ environmentId }).fetch)
  })
  after(() => server.close())

  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(server.url + path, { method, headers })

  const ours = { 'x-automq-environment-id': environmentId }

  for (const [method, path] of [
    ['GET', '/api/v1/instances/kf-0000000000000000'],
    ['POST', '/api/v1/instances'],
    ['DELETE', '/api/v1/instances/kf-0000000000000000'],
    ['GET', '/readyz'],
  ] as const) {
    test(`${method} ${path} is 503 and worth another try: nothing is taken for gone`, async () => {
      const answer = await ask(path, ours, method)
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '2'])
      const { error } = (await answer.json()) as { error: { code: string } }
      assert.equal(error.code, 'Millrace.Starting')
    })
  }

  test('another environment is 403, as later', async () => {
    const answer = await ask('/api/v1/instances', { 'x-automq-environment-id': 'env-other' })
    const text = await answer.text()
    assert.equal(answer.status, 403)
    assert.match(text, /Environment\.Unknown/)
    assert.ok(!text.includes(environmentId), 'nobody is told who it is')
  })

  test('the process lives, and a browser asks again by itself', async () => {
    assert.equal((await ask('/healthz')).status, 200)
    const page = await ask('/auth/login', { accept: 'text/html' })
    assert.equal(page.status, 503)
    assert.match(await page.text(), /http-equiv="refresh"/)
  })

  test('what asks at the same address later is answered by the app', async () => {
    await using app = await makeApp()
    const starting = await listenHttp({ host: '127.0.0.1', port: 0 }, makeStartingApp({ environmentId }).fetch)
    assert.equal((await fetch(`${starting.url}/readyz`)).status, 503)
    starting.serve(app.http)
    assert.equal((await fetch(`${starting.url}/readyz`)).status, 200)
    await starting.close()
  })
})
