import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Endpoint } from '../api-types.ts'
import { clientKinds, configurationFor, userEndpoints } from './client-access.ts'

const endpoint = {
  mechanisms: 'SCRAM-SHA-512',
  configurations: {
    java: 'jaas=required username="YOUR_USER" password="YOUR_PASSWORD";',
    librdkafka: 'sasl.username=YOUR_USER\nsasl.password=YOUR_PASSWORD',
    python: '"sasl.password": "YOUR_PASSWORD",',
    node: "password: 'YOUR_PASSWORD'",
  },
} as Endpoint

describe('the configuration of a client', () => {
  it('has the user and the password where they go', () => {
    const credentials = { user: 'svc-orders', password: 'abc' }
    assert.equal(configurationFor(endpoint, 'java', credentials), 'jaas=required username="svc-orders" password="abc";')
    for (const { kind } of clientKinds) assert.doesNotMatch(configurationFor(endpoint, kind, credentials), /YOUR_/)
  })

  it('keeps a password of any characters as it is', () => {
    const credentials = { user: 'svc-orders', password: `a"b'c\\d$&` }
    const passwords = clientKinds.map(({ kind }) => configurationFor(endpoint, kind, credentials))
    assert.ok(passwords[0]!.endsWith(String.raw`password="a\\"b'c\\\\d$&";`), passwords[0])
    assert.ok(passwords[1]!.endsWith(String.raw`sasl.password=a"b'c\d$&`), passwords[1])
    assert.ok(passwords[2]!.endsWith(String.raw`"a\"b'c\\d$&",`), passwords[2])
    assert.ok(passwords[3]!.endsWith(String.raw`'a"b\'c\\d$&'`), passwords[3])
  })

  it('has letters beyond ASCII as a properties file keeps them', () => {
    const credentials = { user: 'größe', password: '🐎' }
    const [java, librdkafka] = clientKinds.map(({ kind }) => configurationFor(endpoint, kind, credentials))
    assert.equal(java, String.raw`jaas=required username="gr\u00f6\u00dfe" password="\ud83d\udc0e";`)
    assert.equal(librdkafka, 'sasl.username=größe\nsasl.password=🐎')
  })

  it('is of the endpoints at which users sign in', () => {
    const open = { ...endpoint, mechanisms: '' }
    assert.deepEqual(userEndpoints([open, endpoint]), [endpoint])
  })
})
