import assert from 'node:assert/strict'
import { test } from 'node:test'
import { securitySettings } from './listener-settings.ts'

const files = { nodeKey: 'nk', nodeTrust: 'nt', clientKey: 'ck', clientTrust: 'ct' }
const listeners = [
  { name: 'SASL_SSL' as const, method: 'sasl' as const, protocol: 'SASL_SSL' as const, port: 9095 },
  { name: 'MTLS' as const, method: 'mtls' as const, protocol: 'SSL' as const, port: 9096 },
]
const settings = (more: { keepsAnonymous?: boolean; verifiers?: string } = {}) =>
  securitySettings({ internalPort: 9094, listeners, isAuthorized: true, files, verifiers: null, ...more }, 'CONTROLLER')

test('asks nodes and Millrace for certificates, on the listeners of their own', () => {
  for (const listener of ['internal', 'controller']) {
    assert.equal(settings()[`listener.name.${listener}.ssl.client.auth`], 'required')
    assert.equal(settings()[`listener.name.${listener}.ssl.truststore.location`], 'nt')
  }
})

test('lets the certificate that clients see be exchanged while Kafka runs, and no node’s name', () => {
  for (const what of ['dn', 'san']) {
    assert.equal(settings()[`listener.name.sasl_ssl.ssl.allow.${what}.changes`], 'true')
    assert.equal(settings()[`listener.name.internal.ssl.allow.${what}.changes`], undefined)
  }
})

test('makes only nodes and Millrace free of ACLs, and the nameless where they were free before', () => {
  assert.equal(settings()['super.users'], 'User:#millrace;User:#node')
  assert.equal(settings({ keepsAnonymous: true })['super.users'], 'User:#millrace;User:#node;User:ANONYMOUS')
})

test('takes PLAIN only where its passwords can be checked, by a file whose path may hold anything', () => {
  const enabled = 'listener.name.sasl_ssl.sasl.enabled.mechanisms'
  assert.equal(settings()[enabled], 'SCRAM-SHA-512,SCRAM-SHA-256')
  assert.ok(!Object.keys(settings()).some((key) => key.includes('.plain.')))
  const withFile = settings({ verifiers: '/a "home"/verifiers' })
  assert.equal(withFile[enabled], 'SCRAM-SHA-512,SCRAM-SHA-256,PLAIN')
  assert.match(withFile['listener.name.sasl_ssl.plain.sasl.jaas.config']!, /verifiers="\/a \\"home\\"\/verifiers";$/)
  assert.equal(withFile['listener.name.mtls.plain.sasl.jaas.config'], undefined)
})
