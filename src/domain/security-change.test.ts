import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  recordedSecurity,
  sameSecurity,
  securityAfter,
  securityChangeProblems,
  type SecurityWish,
} from './security-change.ts'
import {
  auditedSecurity,
  authenticationMethods,
  clientListeners,
  transitEncryptionModes,
  type InstanceSecurity,
} from './security.ts'

const slot = { address: '127.0.1.1', port: 9092, controllerPort: 9093 }
const chain = { certificateChain: 'first', sealedKey: 'sealed-1' }
const secured: InstanceSecurity = {
  authenticationMethods: ['sasl'],
  transitEncryptionModes: ['tls'],
  own: { certificateAuthority: 'ca', ...chain },
}

describe('certificates', () => {
  const cases: [promise: string, own: Record<string, string>, after: InstanceSecurity['own']][] = [
    [
      'are exchanged, and what nothing is said of stays',
      { certificateChain: 'second', sealedKey: 'sealed-2' },
      { certificateAuthority: 'ca', certificateChain: 'second', sealedKey: 'sealed-2' },
    ],
    ['go one by one', { certificateAuthority: '' }, chain],
    ['keep their key as it is sealed', { certificateChain: 'first', sealedKey: 'sealed-9' }, secured.own],
    ['take the authority behind them with them', { certificateChain: '', sealedKey: '' }, undefined],
    ['go altogether', { certificateAuthority: '', certificateChain: '', sealedKey: '' }, undefined],
  ]
  for (const [promise, own, after] of cases) {
    test(promise, () => assert.deepEqual(securityAfter(secured, { own })?.own, after))
  }

  test('leave the authority of client certificates when they go', () => {
    const mutual = { ...secured, authenticationMethods: ['mtls'] }
    const without = { own: { certificateChain: '', sealedKey: '' } }
    assert.deepEqual(securityAfter(mutual, without)?.own, { certificateAuthority: 'ca' })
    const dropped = securityAfter(
      { ...mutual, own: { certificateAuthority: 'ca' } },
      { authenticationMethods: ['sasl'] },
    )
    assert.equal(dropped?.own, undefined)
  })

  test('of an authority that nothing would use are refused', () => {
    const wish = { own: { certificateAuthority: 'ca', certificateChain: '', sealedKey: '' } }
    const [problem] = securityChangeProblems({ before: secured, after: securityAfter(secured, wish), nodes: [] })
    assert.equal(problem?.path, 'features.security.certificateAuthority')
  })

  test('are the same with a key that was sealed anew, and no others are', () => {
    assert.ok(sameSecurity(secured, { ...secured, own: { ...secured.own, sealedKey: 'sealed-9' } }))
    assert.ok(!sameSecurity(secured, { ...secured, own: { ...secured.own, certificateChain: 'second' } }))
  })

  test('that are taken away where there are none leave no trace', () => {
    const own = { certificateAuthority: '', certificateChain: '', sealedKey: '' }
    assert.equal(securityAfter(undefined, { own }), undefined)
  })

  test('are recorded by their fingerprints alone', () => {
    const recorded = (own: SecurityWish['own']) => recordedSecurity({ authenticationMethods: ['sasl'], own })
    assert.deepEqual(recorded(chain), { authenticationMethods: ['sasl'], own: {} })
    const fingerprints = { chain: '01:02' }
    assert.deepEqual(recorded({ ...chain, fingerprints }), { authenticationMethods: ['sasl'], own: { fingerprints } })
  })

  test('keep their fingerprints for as long as they stay', () => {
    const marked = { ...secured, own: { ...secured.own, fingerprints: { authority: 'a', chain: 'b' } } }
    const after = (own: SecurityWish['own']) => securityAfter(marked, { own })?.own?.fingerprints
    const next = { certificateChain: 'second', sealedKey: 'sealed-2', fingerprints: { chain: 'c' } }
    assert.deepEqual(after(next), { authority: 'a', chain: 'c' })
    assert.deepEqual(after({ certificateAuthority: '', fingerprints: { authority: '' } }), { chain: 'b' })
    assert.deepEqual(auditedSecurity(marked), {
      authenticationMethods: ['sasl'],
      transitEncryptionModes: ['tls'],
      own: { fingerprints: { authority: 'a', chain: 'b' } },
    })
  })
})

const someOf = <T extends string>(all: readonly T[]) => fc.subarray([...all], { minLength: 1 })
const wishes = fc.array(
  fc.record({
    authenticationMethods: someOf(authenticationMethods),
    transitEncryptionModes: someOf(transitEncryptionModes),
  }),
  { minLength: 1, maxLength: 6 },
)

describe('listeners', () => {
  test('never share a port, and keep theirs for as long as they stay, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.constantFrom(undefined, secured), wishes, (first, changes) => {
        let security: InstanceSecurity | undefined = first
        for (const wish of changes) {
          const before = new Map(clientListeners(security, slot).map(({ name, port }) => [name, port]))
          security = securityAfter(security, wish)
          const after = clientListeners(security, slot)
          assert.equal(new Set(after.map(({ port }) => port)).size, after.length)
          for (const { name, port } of after) {
            assert.ok(port !== undefined)
            if (before.has(name)) assert.equal(port, before.get(name))
          }
        }
      }),
    )
  })

  test('leave the nameless what they had, until they may come no more', () => {
    const open: InstanceSecurity = { authenticationMethods: ['anonymous'], transitEncryptionModes: ['tls'] }
    const both = securityAfter(open, { authenticationMethods: ['anonymous', 'sasl'] })
    assert.equal(both?.keepsAnonymous, true)
    assert.equal(securityAfter(both, { tlsHostnameValidationEnabled: false })?.keepsAnonymous, true)
    const closed = securityAfter(both, { authenticationMethods: ['sasl'] })
    assert.equal(closed?.keepsAnonymous, undefined)
    assert.equal(securityAfter(closed, { authenticationMethods: ['anonymous', 'sasl'] })?.keepsAnonymous, undefined)
  })
})
