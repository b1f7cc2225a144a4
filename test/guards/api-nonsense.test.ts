import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import document from '../../openapi.json' with { type: 'json' }
import { makeApp, type TestApp } from '../harness/app.ts'
import type { Answer, Client } from '../harness/client.ts'
import { runInstance } from '../harness/instances.ts'
import { addServiceAccount } from '../harness/signed-client.ts'
import { oddValueOf, oddText, type Schema } from './odd-values.ts'

/**
 * Whatever is sent to a call of the API document, the answer is one that the document has: never a 5xx, never a status or a
 * content type that is not in it, and a refusal always in the form of errors.
 */
type Described = {
  method: string
  path: string
  parameters: { name: string; in: string; schema: Schema }[]
  body: Schema | undefined
  /** Media types by success status; a status without a body has none. */
  answers: Record<string, string[]>
}

type RawCall = {
  parameters?: Described['parameters']
  requestBody?: { content: { 'application/json': { schema: Schema } } }
  responses: Record<string, { content?: Record<string, unknown> }>
}

const withoutParameters = (mediaType: string): string => mediaType.split(';')[0]!

const calls: Described[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods as unknown as Record<string, RawCall>).map(([method, call]) => ({
    method: method.toUpperCase(),
    path,
    parameters: call.parameters ?? [],
    body: call.requestBody?.content['application/json'].schema,
    answers: Object.fromEntries(
      Object.entries(call.responses).map(([status, { content }]) => [
        status,
        Object.keys(content ?? {}).map(withoutParameters),
      ]),
    ),
  })),
)

/** An answer that does not end by itself. */
const isLasting = ({ path }: Described) => path.endsWith('/events/stream')

/** Of this nobody would have anything left to look at. */
const endsAll = ({ method, path }: Described) => method === 'DELETE' && path.endsWith('/instances/{instanceId}')

/** Of an Idempotency-Key; the first is taken. */
const keys = ['once', 'with a space', 'ö', 'x'.repeat(201)]

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

describe('nonsense', () => {
  let app: TestApp
  let client: Client
  let known: Record<string, string>
  before(async () => {
    app = await makeApp()
    ;({ client } = await addServiceAccount(app))
    const security = { authenticationMethods: ['sasl'], transitEncryptionModes: ['plaintext'] }
    const instanceId = await runInstance(app, client, { features: { security } })
    app.pass(1)
    const { topicId } = (await client.post(`/instances/${instanceId}/topics`, { name: 'orders' })).body
    const [operation] = (await client.get('/operations')).body.list
    known = { instanceId, topicId, operationId: operation.operationId, version: '4.3.1', groupId: 'billing' }
  })
  after(() => app[Symbol.asyncDispose]())

  type Nonsense = {
    params: Record<string, string>
    query: [string, string][]
    headers: Record<string, string>
    body: string | undefined
  }

  async function send({ method, path }: Described, { params, query, headers, body }: Nonsense): Promise<Answer> {
    // Two changes of the same second would be signed alike.
    app.pass(1)
    const at = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name]!))
    const asked = query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
    return await client.send(method, asked ? `${at}?${asked}` : at, {
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body }),
    })
  }

  function isDocumented({ answers }: Described, { status, body, headers, text }: Answer): void {
    const mediaType = withoutParameters(headers.get('content-type') ?? '')
    if (status < 400) {
      const mediaTypes = answers[status]
      assert.ok(mediaTypes, `${status} is not documented`)
      return assert.ok(mediaType === '' ? mediaTypes.length === 0 : mediaTypes.includes(mediaType), mediaType)
    }
    assert.ok(status < 500, `${status} ${text}`)
    assert.equal(mediaType, 'application/json')
    const { code, message } = body.error
    assert.match(code, /^[A-Z]\w+\.[A-Z]\w+$/)
    assert.ok(typeof message === 'string' && message !== '')
  }

  /** Ids of what is there as often as not: behind an id of nothing nobody looks at the rest. */
  function nonsenseFor(call: Described): fc.Arbitrary<Nonsense> {
    const { path, parameters, body } = call
    const ids: Record<string, string> = endsAll(call) ? {} : known
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
    const params = Object.fromEntries(
      names.map((name) => [name, fc.oneof({ weight: 3, arbitrary: fc.constant(ids[name] ?? 'none') }, oddText(1))]),
    )
    const queries = parameters.filter((one) => one.in === 'query')
    const query = queries.map(({ name, schema }) => fc.tuple(fc.constant(name), oddValueOf(schema).map(asText)))
    const unknown = fc.tuple(oddText(1), oddText())
    const json = body ? oddValueOf(body).map((value) => JSON.stringify(value)) : fc.constant(undefined)
    const sent = fc.oneof({ weight: 8, arbitrary: json }, { weight: 1, arbitrary: oddText() })
    return fc.record({
      params: fc.record(params),
      query: fc.oneof(
        { weight: 4, arbitrary: fc.subarray(query).chain((chosen) => fc.tuple(...chosen)) },
        { weight: 1, arbitrary: unknown.map((pair) => [pair]) },
      ),
      headers: fc.constantFrom<Record<string, string>>({}, ...keys.map((key) => ({ 'idempotency-key': key }))),
      body: call.method === 'GET' ? fc.constant(undefined) : sent,
    })
  }

  for (const call of calls.filter((one) => !isLasting(one))) {
    test(`to ${call.method} ${call.path} is answered as documented`, { timeout: 60_000 }, async () => {
      // What the calls before have begun would be in the way of this one.
      await app.settle()
      await fc.assert(
        fc.asyncProperty(nonsenseFor(call), async (nonsense) => isDocumented(call, await send(call, nonsense))),
        // The same in every run: what turns up by chance belongs into a test of its own.
        { numRuns: 25, seed: 1 },
      )
    })
  }
})
