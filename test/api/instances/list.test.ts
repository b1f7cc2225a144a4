import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { createInstance, newInstance } from '../../harness/instances.ts'

describe('the list', () => {
  let app: TestApp
  let client: Client

  /** Five, a second apart: two of them Running, one Deleted. */
  before(async () => {
    app = await makeApp()
    client = await app.signIn()
    const make = async (name: string, otherwise: Record<string, unknown> = {}) => {
      app.pass(1)
      return await createInstance(client, { name, ...otherwise })
    }
    await make('orders', { description: 'The shop’s 100% of orders' })
    const gone = await make('gone')
    await app.settle()
    await client.delete(`/instances/${gone}`)
    await app.settle()
    await make('orders-archive', { version: '4.3.1' })
    await make('payments', { spec: { ...newInstance().spec, reservedAku: 12 } })
    await make('a_b')
  })
  after(() => app[Symbol.asyncDispose]())

  const names = async (query: string): Promise<string[]> => {
    const { status, body, text } = await client.get(`/instances${query}`)
    assert.equal(status, 200, text)
    return body.list.map((instance: { name: string }) => instance.name)
  }

  test('has every living Instance, the newest first', async () => {
    assert.deepEqual(await names(''), ['a_b', 'payments', 'orders-archive', 'orders'])
  })

  test('is cut to pages, counted from 1', async () => {
    const { body } = await client.get('/instances?page=2&size=3')
    const { list, ...envelope } = body
    assert.deepEqual(envelope, { pageNum: 2, pageSize: 3, total: 4, totalPage: 2 })
    assert.deepEqual(
      list.map((instance: { name: string }) => instance.name),
      ['orders'],
    )
    assert.deepEqual(await names('?page=9'), [])
  })

  const orders: [query: string, names: string[]][] = [
    ['?sort=name', ['a_b', 'orders', 'orders-archive', 'payments']],
    ['?sort=name&desc=true', ['payments', 'orders-archive', 'orders', 'a_b']],
    ['?sort=createdAt&desc=false', ['orders', 'orders-archive', 'payments', 'a_b']],
    ['?sort=aku&desc=true&size=1', ['payments']],
    ['?sort=version&desc=true&size=1', ['orders-archive']],
    ['?sort=state&desc=true&size=1', ['orders']],
  ]
  for (const [query, expected] of orders) {
    test(`is ordered by ${query}`, async () => assert.deepEqual(await names(query), expected))
  }

  const found: [keyword: string, names: string[]][] = [
    ['orders', ['orders', 'orders-archive']],
    ['ORDERS', ['orders-archive', 'orders']],
    ['shop', ['orders']],
    ['100%', ['orders']],
    ['%', ['orders']],
    ['_', ['a_b']],
    ['nothing', []],
  ]
  for (const [keyword, expected] of found) {
    test(`finds ${JSON.stringify(keyword)}, an exact name first`, async () => {
      assert.deepEqual(await names(`?keyword=${encodeURIComponent(keyword)}`), expected)
    })
  }

  test('finds an id by its beginning', async () => {
    const [first] = (await client.get('/instances')).body.list
    assert.deepEqual(await names(`?keyword=${first.instanceId.slice(0, 9)}`), [first.name])
  })

  test('is filtered by one state, by several, and by Deleted', async () => {
    assert.deepEqual(await names('?state=Running'), ['orders'])
    assert.deepEqual(await names('?state=Running,Creating'), ['a_b', 'payments', 'orders-archive', 'orders'])
    assert.deepEqual(await names('?state=Running&state=Creating&sort=name&size=2'), ['a_b', 'orders'])
    assert.deepEqual(await names('?state=Deleted'), ['gone'])
  })

  test('shows the Operation that owns each', async () => {
    const { body } = await client.get('/instances?state=Creating')
    for (const { currentOperation } of body.list) {
      assert.equal(currentOperation.kind, 'create-instance')
      assert.equal(currentOperation.title, 'Create Instance')
      assert.equal(currentOperation.stepTitle, 'Get the Kafka version')
    }
  })

  const refused: [query: string, path: string, words: RegExp][] = [
    ['?page=0', 'page', /from 1/],
    ['?page=x', 'page', /whole number/],
    ['?page=99999999', 'page', /from 1/],
    ['?size=0', 'size', /1 to 200/],
    ['?size=201', 'size', /1 to 200/],
    ['?sort=colour', 'sort', /one of name, createdAt/],
    ['?desc=yes', 'desc', /true or false/],
    ['?state=Sleeping', 'state.0', /one of Creating/],
    ['?colour=red', 'colour', /no field "colour"/],
    [`?keyword=${'x'.repeat(257)}`, 'keyword', /at most 256/],
  ]
  for (const [query, path, words] of refused) {
    test(`refuses ${query.slice(0, 20)} with 400`, async () => {
      const { status, body } = await client.get(`/instances${query}`)
      assert.equal(status, 400)
      assert.equal(body.error.fields[0].path, path)
      assert.match(body.error.fields[0].message, words)
    })
  }

  test('refuses a keyword that no database stores with 400', async () => {
    assert.equal((await client.get('/instances?keyword=%00')).status, 400)
  })
})
