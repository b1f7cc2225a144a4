import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { makeApp, type TestApp } from '../../harness/app.ts'
import type { Client } from '../../harness/client.ts'
import { newInstance } from '../../harness/instances.ts'

/** Whatever is sent, the answer is a refusal in our own words or an Instance that says what was sent; never a 500. */
describe('a create with anything in it', () => {
  let app: TestApp
  let client: Client
  before(async () => {
    app = await makeApp()
    client = await app.signIn()
  })
  after(() => app[Symbol.asyncDispose]())

  const isOurs = async (body: string): Promise<void> => {
    const answer = await client.post('/instances', body)
    assert.ok([201, 400, 409, 413, 422].includes(answer.status), `${answer.status} for ${body.slice(0, 500)}`)
    if (answer.status === 201) assert.equal(answer.body.name, JSON.parse(body).name)
    else assert.ok(answer.body.error.code && answer.body.error.message, answer.text)
  }

  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('', '\0', '\ud800', '订单', '__proto__'),
  )
  const anything = fc.anything({
    values: [text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null)],
    maxDepth: 3,
  })

  /** A good body in which one thing is replaced by anything. */
  const places = [
    ['name'],
    ['description'],
    ['version'],
    ['tags'],
    ['spec'],
    ['spec', 'reservedAku'],
    ['spec', 'networks'],
    ['spec', 'networks', '0', 'zone'],
    ['spec', 'networks', '0', 'subnet'],
    ['spec', 'nodeConfig'],
    ['spec', 'scheduleSpec'],
    ['features'],
    ['features', 'walMode'],
    ['features', 'instanceConfigs'],
    ['features', 'security'],
    ['features', 'metricsExporter'],
    ['features', 'schemaRegistryEnabled'],
    ['__proto__'],
    ['constructor'],
  ]

  test('is answered in our own words: one thing of a good body replaced', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), anything, text, async (place, value, name) => {
        await isOurs(JSON.stringify(replaced(newInstance({ name }), place, value)) ?? '')
        await isOurs(JSON.stringify(replaced(newInstance(), place, value)) ?? '')
      }),
      { numRuns: 150 },
    )
  })

  test('is answered in our own words: tags and settings of any text', { timeout: 120_000 }, async () => {
    let count = 0
    await fc.assert(
      fc.asyncProperty(text, text, async (key, value) => {
        const features = { instanceConfigs: [{ key, value }] }
        const tags = [{ name: key, value }]
        await isOurs(JSON.stringify(newInstance({ name: `fuzz-${count++}`, features, tags, description: value })))
      }),
      { numRuns: 60 },
    )
  })

  test('is answered in our own words: no JSON at all', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.json()), async (body) => {
        const { status } = await client.post('/instances', body)
        assert.equal(status, 400)
      }),
      { numRuns: 60 },
    )
  })

  test('and so are queries of any text', { timeout: 120_000 }, async () => {
    const names = fc.constantFrom('page', 'size', 'keyword', 'state', 'sort', 'desc', 'other')
    await fc.assert(
      fc.asyncProperty(names, text, async (name, value) => {
        const query = `${name}=${encodeURIComponent(value.toWellFormed())}`
        const { status } = await client.get(`/instances?${query}`)
        assert.ok(status === 200 || status === 400, `${status} for ${query}`)
      }),
      { numRuns: 100 },
    )
  })
})

/** JSON with own members of any name, also those that an assignment would not make. */
function replaced(body: Record<string, unknown>, [first = '', ...rest]: string[], value: unknown): unknown {
  const before = Object.hasOwn(body, first) ? body[first] : undefined
  const next = rest.length === 0 ? value : replaced((before ?? {}) as Record<string, unknown>, rest, value)
  const members = [...Object.entries(body).filter(([name]) => name !== first), [first, next] as const]
  return Array.isArray(body) ? members.map(([, member]) => member) : Object.fromEntries(members)
}
