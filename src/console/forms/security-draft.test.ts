import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { draftSecurityProblems, listenersOf, openSecurity, recommended, securityOf } from './security-draft.ts'

const draft = (more: object) => ({ ...openSecurity, ...more })
const pem = '-----BEGIN CERTIFICATE-----'

describe('the security of a new Instance', () => {
  it('is not sent where nothing was asked for', () => assert.equal(securityOf(openSecurity), undefined))

  it('is sent as chosen, without the texts of choices that were taken back', () => {
    const own = { certificateAuthority: pem, certificateChain: pem, privateKey: 'key' }
    assert.deepEqual(securityOf(draft({ ...own, authenticationMethods: ['sasl'] })), {
      authenticationMethods: ['sasl'],
      transitEncryptionModes: ['plaintext'],
    })
    assert.deepEqual(securityOf(draft({ ...own, authenticationMethods: ['mtls'], transitEncryptionModes: ['tls'] })), {
      authenticationMethods: ['mtls'],
      transitEncryptionModes: ['tls'],
      ...own,
    })
  })

  it('is refused where client certificates would come in plain text, or from nowhere', () => {
    const problems = draftSecurityProblems(draft({ authenticationMethods: ['mtls'] }))
    assert.match(problems['security.transitEncryptionModes'] ?? '', /need TLS/)
    assert.match(problems['security.certificateAuthority'] ?? '', /give its certificate/)
  })

  it('wants a certificate and its key together', () => {
    const over = { transitEncryptionModes: ['tls'] }
    assert.deepEqual(Object.keys(draftSecurityProblems(draft({ ...over, certificateChain: pem }))), [
      'security.privateKey',
    ])
    assert.deepEqual(Object.keys(draftSecurityProblems(draft({ ...over, privateKey: 'key' }))), [
      'security.certificateChain',
    ])
  })

  it('says which listeners follow', () => {
    assert.deepEqual(listenersOf(openSecurity), ['anybody, in plain text'])
    assert.deepEqual(listenersOf(recommended(openSecurity)), ['users, over TLS'])
  })
})
