import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientConfigurations, clientKinds, type ClientAccess } from './client-configuration.ts'
import { saslMechanisms, scramMechanisms } from './security.ts'

const access = (more: Partial<ClientAccess> = {}): ClientAccess => ({
  listener: { name: 'SSL', method: 'anonymous', protocol: 'SSL', port: 9092 },
  bootstrapServers: '127.0.1.1:9092',
  checksHostnames: true,
  hasAuthorityFile: true,
  mechanisms: [],
  ...more,
})

for (const kind of clientKinds) {
  test(`names ca.pem for ${kind}, or says that the system must know the listener`, () => {
    assert.match(clientConfigurations(access())[kind], /ca\.pem/)
    const text = clientConfigurations(access({ hasAuthorityFile: false }))[kind]
    assert.doesNotMatch(text, /ca\.pem|readFileSync|truststore\./)
    assert.match(text, /^(#|\/\/) Certificates are checked by the trust store of the system/)
  })

  test(`checks host names for ${kind} where the certificate stands for them, and says where it does not`, () => {
    const unchecked = /identification\.algorithm("?: ?"|=)(none)?("|$)|checkServerIdentity/m
    assert.doesNotMatch(clientConfigurations(access())[kind], unchecked)
    assert.match(clientConfigurations(access({ checksHostnames: false }))[kind], unchecked)
  })
}

test('speaks of PLAIN only where nodes take it', () => {
  const listener = { name: 'SASL_SSL', method: 'sasl', protocol: 'SASL_SSL', port: 9092 } as const
  const textsWith = (mechanisms: ClientAccess['mechanisms']) =>
    Object.values(clientConfigurations(access({ listener, mechanisms }))).join()
  assert.match(textsWith(saslMechanisms), /PLAIN works/)
  assert.doesNotMatch(textsWith(scramMechanisms), /PLAIN works/)
})
