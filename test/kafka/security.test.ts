import { alterUserScramCredentialsV0, createAclsV3, createTopicsV7 } from '@platformatic/kafka'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { appendFile, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { clientConfigurations } from '../../src/domain/client-configuration.ts'
import { millraceCommonName, nodeCommonName, type Keyring } from '../../src/domain/keyring.ts'
import { clientListeners, isEncrypted, listenerPorts, type ClientListenerName } from '../../src/domain/security.ts'
import { withBroker } from '../../src/kafka/broker-connection.ts'
import type { BrokerEndpoint } from '../../src/kafka/cluster.ts'
import { makeLazyKafkaClusters } from '../../src/kafka/lazy-clusters.ts'
import { verifierOf } from '../../src/kafka/plain-verifiers.ts'
import { makeLocalProvider } from '../../src/providers/local/local-provider.ts'
import type { NodeSpec, Provider } from '../../src/providers/provider.ts'
import { createAuthority, issueCertificate } from '../../src/security/authority.ts'
import { produceOne } from './console-clients.ts'
import { makeRealHome, type RealHome } from './real-home.ts'
import { kcatSignsIn, signInByPlain } from './sign-in.ts'

/** Every way into one node, with Kafka's own Java clients configured by the very text that Millrace shows. */
const now = new Date()
const ours = await createAuthority('Millrace test', now)
const company = await createAuthority('Company', now)
const stranger = await createAuthority('Stranger', now)
const issue = (authority: typeof ours, commonName: string, addresses: string[] = []) =>
  issueCertificate(authority, { commonName, dnsNames: [commonName], addresses, now, days: 1 })

const keyring: Keyring = {
  async storesFor({ kafkaId, address }) {
    const node = await issue(ours, nodeCommonName(kafkaId), [address])
    const nodeKey = node.privateKey + node.certificate
    return { nodeKey, nodeTrust: ours.certificate, clientKey: nodeKey, clientTrust: company.certificate }
  },
  async identityFor() {
    return { ...(await issue(ours, millraceCommonName)), authority: ours.certificate }
  },
  verifiersFor: async () => Promise.all(byPlain.map((user) => verifierOf(user, randomBytes))),
}

/** Who may sign in by PLAIN. */
let byPlain = [{ name: 'app-user', password: 'right-horse-battery' }]

const security = { authenticationMethods: ['anonymous', 'sasl', 'mtls'], transitEncryptionModes: ['plaintext', 'tls'] }
const password = 'right-horse-battery'
const run = promisify(execFile)

describe('a secured node of real Kafka', () => {
  let home: RealHome
  let spec: NodeSpec
  let folder: string
  let provider: Provider
  let broker: BrokerEndpoint

  before(async () => {
    home = await makeRealHome()
    folder = await mkdtemp(join(tmpdir(), 'millrace-clients-'))
    const [plain] = await home.specsFor(1)
    const internalPort = listenerPorts(plain!).internal
    const listeners = clientListeners(security, plain!)
    spec = { ...plain!, security: { internalPort, listeners, isAuthorized: true, own: null, mark: 'test' } }
    const { home: root, homeId, catalogue } = home
    provider = makeLocalProvider({ home: root, homeId, catalogue, keyring })
    await home.ready(spec.version, provider)
    await provider.ensureNode(spec, { epoch: 1 })
    broker = { kafkaId: 1, host: spec.address, port: internalPort, securedBy: spec.instanceId as never }
    await awaitCanary()
    await makeUser()
    await allow('allowed')
  })
  after(async () => {
    await home.cleanUp()
    await rm(folder, { recursive: true, force: true })
  })

  async function awaitCanary() {
    const clusters = makeLazyKafkaClusters(keyring)
    const until = Date.now() + 60_000
    for (;;) {
      const failure = await clusters.canary([broker]).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      if (!failure) return
      if (Date.now() > until) throw failure
    }
  }

  const confFolder = () => join(home.home, 'nodes', spec.instanceId, '1', 'conf')
  const asMillrace = async <T>(use: Parameters<typeof withBroker<T>>[2]) =>
    withBroker({ ...broker, identity: await keyring.identityFor(spec.instanceId as never) }, 5_000, use)

  const makeUser = () =>
    asMillrace(async (connection) => {
      const salt = randomBytes(32)
      const saltedPassword = pbkdf2Sync(password, salt, 4096, 64, 'sha512')
      const credential = { name: 'app-user', mechanism: 2, iterations: 4096, salt, saltedPassword }
      await alterUserScramCredentialsV0.api.async(connection, [], [credential])
    })

  /** Two topics; writing to this one is open to the user and to the holder of the certificate. */
  const allow = (topic: string) =>
    asMillrace(async (connection) => {
      const topics = [topic, 'denied'].map((name) => ({
        name,
        numPartitions: 1,
        replicationFactor: 1,
        assignments: [],
        configs: [],
      }))
      await createTopicsV7.api.async(connection, topics, 5_000, false)
      const acls = ['app-user', 'cert-user'].map((user) => ({
        resourceType: 2 as const,
        resourceName: topic,
        resourcePatternType: 3 as const,
        principal: `User:${user}`,
        host: '*',
        operation: 4 as const,
        permissionType: 3 as const,
      }))
      await createAclsV3.api.async(connection, acls)
    })

  /** What the client said; nothing: the record is in. */
  async function attempt(name: ClientListenerName, topic: string, more: Attempt = {}): Promise<string> {
    const listener = spec.security!.listeners.find((one) => one.name === name)!
    const bootstrapServers = `${spec.address}:${listener.port}`
    const shown = clientConfigurations({ listener, bootstrapServers, checksHostnames: true }).java
    await writeFile(join(folder, 'ca.pem'), more.trust ?? ours.certificate)
    if (more.key) await writeFile(join(folder, 'client.pem'), more.key)
    const properties = shown
      .replace('YOUR_USER', 'app-user')
      .replace('YOUR_PASSWORD', more.password ?? password)
      .replace('=ca.pem', `=${join(folder, 'ca.pem')}`)
      .replace(/^ssl\.keystore.*\n/gm, (line) =>
        more.key ? line.replace('client.pem', join(folder, 'client.pem')) : '',
      )
    const libs = join(home.home, 'kafka', spec.version, 'libs')
    return produceOne({ libs, folder, properties }, bootstrapServers, topic)
  }
  type Attempt = { password?: string; trust?: string; key?: string }

  for (const name of ['SASL_PLAINTEXT', 'SASL_SSL'] as const) {
    test(`${name} takes the right password, to the topic that an ACL opens`, async () => {
      assert.equal(await attempt(name, 'allowed'), '')
      assert.match(await attempt(name, 'denied'), /TopicAuthorizationException|Not authorized/)
    })
    test(`${name} refuses a wrong password`, async () => {
      assert.match(
        await attempt(name, 'allowed', { password: 'wrong-horse-battery' }),
        /SaslAuthenticationException|Authentication failed/,
      )
    })
  }

  test('SASL_SSL is not trusted by a client that knows another authority', async () => {
    assert.match(
      await attempt('SASL_SSL', 'allowed', { trust: stranger.certificate }),
      /SslAuthenticationException|SSL handshake failed/,
    )
  })

  for (const name of ['PLAINTEXT', 'SSL'] as const) {
    test(`${name} lets nobody in particular do nothing`, async () => {
      assert.match(await attempt(name, 'allowed'), /TopicAuthorizationException|Not authorized/)
    })
  }

  test('every listener answers those who have not signed in, as often as they come, and none that listens otherwise', async () => {
    const clusters = makeLazyKafkaClusters(keyring)
    const [plain, other] = [
      spec.security!.listeners.find(({ name }) => name === 'PLAINTEXT')!,
      spec.controllerPort + 99,
    ]
    for (const listener of spec.security!.listeners) {
      await clusters.askListener(broker, listener)
      await clusters.askListener(broker, listener)
      const elsewhere = clusters.askListener(broker, { ...listener, port: other })
      await assert.rejects(elsewhere, { code: 'Kafka.ListenerSilent' })
      if (!isEncrypted(listener)) continue
      const inPlainText = clusters.askListener(broker, { ...listener, port: plain.port })
      await assert.rejects(inPlainText, { code: 'Kafka.ListenerSilent' })
    }
    const ssl = spec.security!.listeners.find(({ name }) => name === 'SSL')!
    assert.ok((await clusters.ping({ kafkaId: 1, host: spec.address, port: ssl.port, isEncrypted: true })) > 0)
  })

  const holder = async (authority: typeof ours, name: string) => {
    const { privateKey, certificate } = await issue(authority, name)
    return { key: privateKey + certificate }
  }

  test('MTLS takes a certificate of the user’s authority for the user that it names', async () => {
    const key = await holder(company, 'cert-user')
    assert.equal(await attempt('MTLS', 'allowed', key), '')
    assert.match(await attempt('MTLS', 'denied', key), /TopicAuthorizationException|Not authorized/)
  })
  /** What Millrace shows for another kind of client, with its files beside it, as a person would have them. */
  async function pasted(kind: 'node' | 'librdkafka', name: ClientListenerName, file: string): Promise<string> {
    const listener = spec.security!.listeners.find((one) => one.name === name)!
    const bootstrapServers = `${spec.address}:${listener.port}`
    const { privateKey, certificate } = await issue(company, 'cert-user')
    await writeFile(join(folder, 'ca.pem'), ours.certificate)
    await writeFile(join(folder, 'client.crt'), certificate)
    await writeFile(join(folder, 'client.key'), privateKey, { mode: 0o600 })
    const text = clientConfigurations({ listener, bootstrapServers, checksHostnames: true })[kind]
    await writeFile(join(folder, file), text.replace('YOUR_USER', 'app-user').replace('YOUR_PASSWORD', password))
    return join(folder, file)
  }

  for (const name of ['SASL_SSL', 'MTLS'] as const) {
    test(`${name} takes a record from the text for Node, as it is pasted`, async () => {
      const program = await pasted('node', name, `${name}.mjs`)
      const record = `{ topic: 'allowed', value: Buffer.from('one record') }`
      await appendFile(program, `await producer.send({ messages: [${record}], acks: -1 })\nawait producer.close()\n`)
      await symlink(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules')).catch(() => {})
      await run(process.execPath, [program], { cwd: folder, timeout: 30_000 })
    })
  }

  test('MTLS takes a record from librdkafka with the text for it, as it is pasted', async () => {
    const file = await pasted('librdkafka', 'MTLS', 'librdkafka.properties')
    const words = [
      '-F',
      file,
      '-P',
      '-t',
      'allowed',
      '-X',
      'message.timeout.ms=10000',
      '-l',
      join(folder, 'client.crt'),
    ]
    await run('kcat', words, { cwd: folder, timeout: 30_000 })
  })

  test('MTLS refuses no certificate, and one of another authority', async () => {
    assert.match(await attempt('MTLS', 'allowed'), /SslAuthenticationException|SSL handshake failed|TimeoutException/)
    assert.match(
      await attempt('MTLS', 'allowed', await holder(stranger, 'cert-user')),
      /SslAuthenticationException|handshake|TimeoutException/,
    )
  })
  test('MTLS makes no node of a user’s certificate that is named like one', async () => {
    assert.match(
      await attempt('MTLS', 'denied', await holder(company, 'node-1')),
      /TopicAuthorizationException|Not authorized/,
    )
  })

  const servers = (name: ClientListenerName) =>
    `${spec.address}:${spec.security!.listeners.find((one) => one.name === name)!.port}`
  const trustAt = (name: ClientListenerName) => (name === 'SASL_SSL' ? join(folder, 'ca.pem') : undefined)
  const plain = async (name: ClientListenerName, user: string, secret: string) => {
    await writeFile(join(folder, 'ca.pem'), ours.certificate)
    return signInByPlain(servers(name), { user, password: secret, ca: trustAt(name) })
  }
  const isRefused = /SASL authentication failed/

  for (const name of ['SASL_PLAINTEXT', 'SASL_SSL'] as const) {
    test(`${name} takes the right password by PLAIN, and no other, of nobody else`, async () => {
      assert.equal(await plain(name, 'app-user', password), '')
      assert.match(await plain(name, 'app-user', `${password}!`), isRefused)
      assert.match(await plain(name, 'nobody-there', password), isRefused)
      await kcatSignsIn(servers(name), { user: 'app-user', password, ca: trustAt(name) })
    })
  }

  test('PLAIN works in Kafka’s Java client as the remark of the text for it says', async () => {
    const listener = spec.security!.listeners.find((one) => one.name === 'SASL_SSL')!
    const access = { listener, bootstrapServers: servers('SASL_SSL'), checksHostnames: true }
    const shown = clientConfigurations(access).java
    const [, login = ''] = /PLAIN works too: (\S+)\./.exec(shown) ?? []
    const properties = shown
      .replace('YOUR_USER', 'app-user')
      .replace('YOUR_PASSWORD', password)
      .replace('=ca.pem', `=${join(folder, 'ca.pem')}`)
      .replace('SCRAM-SHA-512', 'PLAIN')
      .replace(/jaas\.config=\S+/, `jaas.config=${login}`)
    const libs = join(home.home, 'kafka', spec.version, 'libs')
    assert.equal(await produceOne({ libs, folder, properties }, servers('SASL_SSL'), 'allowed'), '')
  })

  test('PLAIN goes by another password, and lets a user go, as soon as that is written', async () => {
    const renew = async (users: typeof byPlain) => {
      byPlain = users
      await provider.renewVerifiers(spec.instanceId)
    }
    await renew([
      { name: 'app-user', password: 'other-horse-battery' },
      { name: 'second-user', password },
    ])
    assert.match(await plain('SASL_SSL', 'app-user', password), isRefused)
    assert.equal(await plain('SASL_SSL', 'app-user', 'other-horse-battery'), '')
    assert.equal(await plain('SASL_SSL', 'second-user', password), '')
    await renew([{ name: 'app-user', password }])
    assert.match(await plain('SASL_SSL', 'second-user', password), isRefused)
    assert.equal(await plain('SASL_SSL', 'app-user', password), '')
  })

  test('PLAIN lets nobody in by a file that is not whole, and the log says so', async () => {
    const file = join(confFolder(), 'plain-verifiers')
    const whole = await readFile(file, 'utf8')
    for (const broken of ['', whole.replace('users=1', 'users=2'), whole.replace(' 4096 ', ' 1 '), `${whole}x\n`]) {
      await writeFile(file, broken)
      assert.match(await plain('SASL_SSL', 'app-user', password), isRefused, broken)
    }
    await rm(file)
    assert.match(await plain('SASL_SSL', 'app-user', password), isRefused)
    await provider.renewVerifiers(spec.instanceId)
    assert.equal(await plain('SASL_SSL', 'app-user', password), '')
    const log = await readFile(join(confFolder(), '../log/server.log'), 'utf8')
    assert.match(log, /Nobody can sign in by PLAIN: \S+ cannot be read/)
    assert.ok(!log.includes(whole.split(' ').at(-1)!.trim()))
  })

  test('keeps using the class archive with the check of PLAIN in the class path', async () => {
    const record = JSON.parse(await readFile(join(confFolder(), '../node.json'), 'utf8'))
    assert.match(await readFile(`/proc/${record.process.pid}/cmdline`, 'utf8'), /plain-login\.jar/)
    assert.match(await readFile(`/proc/${record.process.pid}/maps`, 'utf8'), /\.jsa$/m)
  })

  test('keeps keys where others cannot read them', async () => {
    for (const name of ['node-key.pem', 'client-key.pem', 'server.properties', 'plain-verifiers']) {
      assert.equal((await stat(join(confFolder(), name))).mode & 0o077, 0, name)
    }
  })
})
