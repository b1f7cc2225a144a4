import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseConfig } from './config.ts'

const parse = (environment: Record<string, string>) => parseConfig(environment, '/checkout')

describe('parseConfig', () => {
  it('gives the defaults of the README when nothing is set', () => {
    assert.deepEqual(parse({}), {
      host: '127.0.0.1',
      port: 8080,
      home: '/checkout/.millrace',
      databaseUrl: undefined,
      provider: 'local',
      environmentId: 'env-local',
      initialUser: 'admin',
      initialPassword: undefined,
      initialKeyPair: undefined,
      secretKey: undefined,
      kafkaDirectory: undefined,
      logLevel: 'info',
    })
  })

  it('takes an empty variable as unset', () => {
    assert.equal(parse({ PORT: '', DATABASE_URL: '' }).port, 8080)
  })

  it('reads a relative home from the checkout and leaves an absolute one alone', () => {
    assert.equal(parse({ MILLRACE_HOME: 'state' }).home, '/checkout/state')
    assert.equal(parse({ MILLRACE_HOME: '/srv/millrace' }).home, '/srv/millrace')
  })

  it('takes a first key pair with both halves, and not with one', () => {
    const accessKey = 'A'.repeat(16)
    const secretKey = 's'.repeat(32)
    const both = { MILLRACE_INITIAL_ACCESS_KEY: accessKey, MILLRACE_INITIAL_SECRET_KEY: secretKey }
    assert.deepEqual(parse(both).initialKeyPair, { accessKey, secretKey })
    assert.throws(
      () => parse({ MILLRACE_INITIAL_ACCESS_KEY: accessKey }),
      /^Error: MILLRACE_INITIAL_SECRET_KEY is missing/,
    )
    assert.throws(
      () => parse({ MILLRACE_INITIAL_SECRET_KEY: secretKey }),
      /^Error: MILLRACE_INITIAL_ACCESS_KEY is missing/,
    )
  })

  const wrong: [string, string, RegExp][] = [
    ['PORT', '80a', /^PORT is wrong: a port is a whole number from 0 to 65535\.$/],
    ['PORT', '65536', /^PORT is wrong: a port is/],
    ['PORT', '-1', /^PORT is wrong: a port is/],
    ['DATABASE_URL', 'mysql://x', /^DATABASE_URL is wrong: must begin with postgres/],
    ['MILLRACE_PROVIDER', 'cloud', /^MILLRACE_PROVIDER is wrong: must be local or simulated\.$/],
    ['MILLRACE_ENVIRONMENT_ID', '9env', /^MILLRACE_ENVIRONMENT_ID is wrong: An environment id begins with a letter/],
    ['MILLRACE_INITIAL_USER', 'a b', /^MILLRACE_INITIAL_USER is wrong: A name has 3 to 64/],
    ['MILLRACE_INITIAL_USER', 'millrace', /^MILLRACE_INITIAL_USER is wrong: "millrace" is what/],
    ['MILLRACE_INITIAL_PASSWORD', 'short', /^MILLRACE_INITIAL_PASSWORD is wrong: must have at least 8/],
    ['MILLRACE_INITIAL_ACCESS_KEY', 'short', /^MILLRACE_INITIAL_ACCESS_KEY is wrong: must be 16 to 64 letters/],
    ['MILLRACE_INITIAL_SECRET_KEY', 'short', /^MILLRACE_INITIAL_SECRET_KEY is wrong: must be 16 to 128 visible/],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL is wrong: must be debug, info/],
  ]
  for (const [name, value, message] of wrong) {
    it(`refuses ${name}=${value} in one line that says the rule`, () => {
      assert.throws(() => parse({ [name]: value }), { message })
    })
  }
})
