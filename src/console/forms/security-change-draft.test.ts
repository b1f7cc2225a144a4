import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  authorityFate,
  chainFate,
  errorAt,
  listenerFates,
  securityChangeDraft,
  securityChangeFields,
  securityRequest,
  unfilledIn,
  type SecurityChangeDraft,
} from './security-change-draft.ts'

const secured = { authenticationMethods: ['sasl'], transitEncryptionModes: ['plaintext', 'tls'] }
const none = { chain: false, authority: false }
const both = { chain: true, authority: true }
const draft = (more: Partial<SecurityChangeDraft> = {}) => ({ ...securityChangeDraft(secured), ...more })

const asked = (more: Partial<SecurityChangeDraft>, held = none) => {
  const request = securityRequest(draft(more), secured, held)
  return request?.verb === 'change' ? request.body.features?.security : request
}

describe('another security for an Instance that runs', () => {
  it('is asked for where something differs, and of that alone', () => {
    assert.equal(asked({}), null)
    assert.deepEqual(asked({ authenticationMethods: ['anonymous', 'sasl'] }), {
      authenticationMethods: ['anonymous', 'sasl'],
    })
    assert.deepEqual(asked({ transitEncryptionModes: ['tls'], tlsHostnameValidationEnabled: false }), {
      transitEncryptionModes: ['tls'],
      tlsHostnameValidationEnabled: false,
    })
  })

  it('begins with what Kafka does by itself where nothing was said', () => {
    const { authenticationMethods, transitEncryptionModes } = securityChangeDraft(undefined)
    assert.deepEqual([authenticationMethods, transitEncryptionModes], [['anonymous'], ['plaintext']])
  })

  it('sends certificates that are given, and an empty text for what is taken away', () => {
    assert.deepEqual(asked({ chain: 'given', certificateChain: 'chain', privateKey: 'key' }), {
      certificateChain: 'chain',
      privateKey: 'key',
    })
    assert.deepEqual(asked({ chain: 'taken', authority: 'taken' }, both), {
      certificateChain: '',
      privateKey: '',
      certificateAuthority: '',
    })
  })

  it('keeps to itself what was typed before the choice was taken back', () =>
    assert.equal(
      asked({ chain: 'kept', certificateChain: 'chain', privateKey: 'key', certificateAuthority: 'ca' }),
      null,
    ))

  it('takes the certificate along when TLS goes', () => {
    const without = draft({ transitEncryptionModes: ['plaintext'], chain: 'given' })
    assert.equal(chainFate(without, both), 'taken')
    assert.equal(chainFate(without, none), 'kept')
  })

  it('needs an authority for client certificates, and keeps the one it has', () => {
    const mutual = draft({ authenticationMethods: ['sasl', 'mtls'] })
    assert.equal(authorityFate(mutual, none), 'given')
    assert.equal(authorityFate({ ...mutual, authority: 'taken' }, both), 'kept')
    assert.equal(unfilledIn(mutual, none), 'Give the authority of the clients’ certificates.')
    assert.equal(unfilledIn(mutual, both), undefined)
  })

  it('says what is still to be filled in, and nothing of it in red', () => {
    const half = draft({ chain: 'given', certificateChain: 'chain' })
    assert.equal(unfilledIn(half, none), 'Give its private key.')
    const fields = securityChangeFields(half, none)
    const errors = Object.fromEntries(fields.map((field) => [field, `${field} is wrong`]))
    assert.equal(errorAt(half, errors, 'privateKey'), undefined)
    assert.equal(errorAt(half, errors, 'certificateChain'), 'features.security.certificateChain is wrong')
    assert.ok(!fields.includes('features.security.certificateAuthority'), 'what is not in sight has no error there')
  })

  it('tells of each listener whether it stays, comes or goes', () =>
    assert.deepEqual(
      listenerFates(draft({ authenticationMethods: ['anonymous', 'sasl'], transitEncryptionModes: ['tls'] }), secured),
      [
        { name: 'SSL', fate: 'comes' },
        { name: 'SASL_SSL', fate: 'stays' },
        { name: 'SASL_PLAINTEXT', fate: 'goes' },
      ],
    ))
})
