import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { canonicalQuery, canonicalRequest, momentOf, signatureOf, timestampOf } from './signature.ts'
import { signRequest } from './sign-request.ts'

/** The worked examples of the contract, which the public Terraform provider's signer gives too. */
const signer = {
  accessKey: 'TESTAK0000000001',
  secretKey: 'test-secret-key-not-real',
  environmentId: 'env-demo',
}
const at = new Date('2026-01-02T03:04:05Z')
const provider = { 'Accept-Language': 'en', 'Content-Type': 'application/json' }
const names = 'accept-language;content-type;host;x-automq-date;x-automq-environment-id'
const instance = '/api/v1/instances/kf-abc123'
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

const headers = [
  ['accept-language', 'en'],
  ['content-type', 'application/json'],
  ['host', '127.0.0.1:8080'],
  ['x-automq-date', '20260102T030405Z'],
  ['x-automq-environment-id', 'env-demo'],
] as const

const vectors = [
  {
    what: 'a query',
    method: 'GET',
    target: `${instance}/acls?exactUser=svc%20user&fuzzyResourceName=%2A&permissionType=ALLOW&resourceTypes=TOPIC`,
    canonicalHash: 'a477c48dfa6ad815700fe97309b62d469c727d8a10e403fe89fe63554364188b',
    signature: '4854eae7fc6997ad46b24cbc22d104f57ec890b0bfacd37dd385d442ed8d99e1',
  },
  {
    what: 'a body',
    method: 'POST',
    target: `${instance}/topics`,
    body: '{"name":"orders","partition":16,"compactStrategy":"DELETE"}',
    canonicalHash: 'a79d00b4aaea96021cd6d65d59d00c2852cc0985b5d4a804da9cd149fab78cb0',
    signature: '7896ddbb8db316eacad2b995d8bf5bc55774e633737500d04f06cfbce018b928',
  },
  {
    what: 'a path that is percent-encoded in part',
    method: 'DELETE',
    target: `${instance}/users/a%20b:c+d@e%21%C3%A9`,
    signature: '6a524f60fd966d94f1bfd43d887d4d13675cb3b60b879a6504f9ed5d673e9968',
  },
  {
    what: 'a verb behind a colon',
    method: 'POST',
    target: `${instance}/acls/batch:delete`,
    body: '{}',
    signature: 'fdd062ddf3c71a9457eb395f35f5e867aac9c98c8cbb40bbd861bb2c042dd5cf',
  },
]

describe('a signature', () => {
  for (const { what, method, target, body = '', canonicalHash, signature } of vectors) {
    const [path = '', query = ''] = target.split('?')
    test(`of a request with ${what} is that of the contract`, async () => {
      const request = { method, path, query, headers, body: new TextEncoder().encode(body) }
      const key = { secretKey: signer.secretKey, timestamp: '20260102T030405Z' }
      assert.equal(await signatureOf(request, key), signature)
      if (canonicalHash) assert.equal(hashOf(canonicalRequest(request, hashOf(body))), canonicalHash)
    })

    test(`of our own signer for a request with ${what} is the same`, async () => {
      const url = new URL(`http://127.0.0.1:8080${target}`)
      const signed = await signRequest({ method, url, headers: provider, body }, signer, at)
      const credential = 'Credential=TESTAK0000000001/20260102/private/cmp/cmp_request'
      const expected = `AUTOMQ-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`
      assert.equal(signed['authorization'], expected)
    })
  }

  test('of the provider’s own unit test, with its region and service', async () => {
    const twice = 'some-value=!@#$%^&* (+)'
    const request = {
      method: 'POST',
      path: '/bucket/key-._~,!@#$%^&*()',
      query: '',
      headers: [
        ['content-length', '2'],
        ['content-type', 'application/x-automq-json-1.0'],
        ['host', 'dynamodb.private.test.com'],
        ['x-automq-date', '19700101T000000Z'],
        ['x-automq-meta-other-header', twice],
        ['x-automq-meta-other-header_with_underscore', `${twice},${twice}`],
        ['x-automq-target', 'prefix.Operation'],
      ] as const,
      body: new TextEncoder().encode('{}'),
    }
    const key = {
      secretKey: 'SECRET',
      timestamp: '19700101T000000Z',
      scope: { region: 'private', service: 'dynamodb' },
    }
    assert.equal(await signatureOf(request, key), 'e644d1da39cf657acc94cb0979624d9ccc9e81943a413b49fe924c81ba6653cc')
  })

  test('is that of the canonical request of the contract, line by line', () => {
    const [, query = ''] = vectors[0]!.target.split('?')
    const text = canonicalRequest({ method: 'get', path: `${instance}/acls`, query, headers }, hashOf(''))
    assert.deepEqual(text.split('\n'), [
      'GET',
      '/api/v1/instances/kf-abc123/acls',
      'exactUser=svc%20user&fuzzyResourceName=%2A&permissionType=ALLOW&resourceTypes=TOPIC',
      'accept-language:en',
      'content-type:application/json',
      'host:127.0.0.1:8080',
      'x-automq-date:20260102T030405Z',
      'x-automq-environment-id:env-demo',
      '',
      names,
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ])
  })
})

describe('a canonical query', () => {
  const cases: [query: string, canonical: string][] = [
    ['', ''],
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&a=1', 'a=1&a=2'],
    ['a', 'a='],
    ['a=b=c', 'a=b%3Dc'],
    ['a=x+y', 'a=x%20y'],
    ["a=!'()*", 'a=%21%27%28%29%2A'],
    ['a=%7e', 'a=~'],
    ['a=é', 'a=%C3%A9'],
    ['a=%zz', 'a=%25zz'],
  ]
  for (const [query, canonical] of cases) {
    test(`of "${query}" is "${canonical}"`, () => assert.equal(canonicalQuery(query), canonical))
  }
})

describe('the moment of a signature', () => {
  test('is read as it was written', () => assert.deepEqual(momentOf(timestampOf(at)), at))
  for (const text of [
    '',
    '20260102',
    '20260102T030405',
    '20261302T030405Z',
    '20260230T030405Z',
    '2026-01-02T03:04:05Z',
  ])
    test(`is not "${text}"`, () => assert.equal(momentOf(text), undefined))
})
