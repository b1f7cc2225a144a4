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
import {
  clientListeners,
  isEncrypted,
  listenerPorts,
  saslMechanisms,
  type ClientListenerName,
} from '../../src/domain/security.ts'
import { withBroker } from '../../src/kafka/broker-connection.ts'
import type { BrokerEndpoint } from '../../src/kafka/cluster.ts'
import { makeLazyKafkaClusters } from '../../src/kafka/lazy-clusters.ts'
import { verifierOf } from '../../src/kafka/plain-verifiers.ts'
import { makeLocalProvider } from '../../src/providers/local/local-provider.ts'
import type { NodeSpec, Provider } from '../../src/providers/provider.ts'
import { createAuthority, issueCertificate } from '../../src/security/authority.ts'
import { startJavaClients, type JavaClients } from './java-clients.ts'
import { makeRealHome, type RealHome } from './real-home.ts'
import { signInByPlain } from './sign-in.ts'

/** Every way into one node, with Kafka's own Java clients and kcat, configured by the very texts that Millrace shows. */
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
  let clients: JavaClients

  before(async () => {
    home = await makeRealHome()
    folder = await mkdtemp(join(tmpdir(), 'millrace-clients-'))
    const [plain] = await home.specsFor(1)
    const internalPort = listenerPorts(plain!).internal
    const given = { own: null, authority: { oldest: 1, signing: 1, newest: 1 }, isAuthorized: true, mark: 'test' }
    spec = { ...plain!, security: { internalPort, listeners: clientListeners(security, plain!), ...given } }
    provider = makeLocalProvider({ home: home.home, homeId: home.homeId, catalogue: home.catalogue, keyring })
    await home.ready(spec.version, provider)
    await provider.ensureNode(spec, { epoch: 1 })
    broker = { kafkaId: 1, host: spec.address, port: internalPort, securedBy: spec.instanceId as never }
    await awaitCanary()
    await makeUser()
    await allow()
    clients = await startJavaClients(join(home.home, 'kafka', spec.version, 'libs'))
  })
  after(async () => {
    await clients?.[Symbol.asyncDispose]()
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
      // Kafka takes one mechanism of a user in a request.
      for (const [mechanism, hash, bytes] of [
        [1, 'sha256', 32],
        [2, 'sha512', 64],
      ] as const) {
        const salt = randomBytes(32)
        const saltedPassword = pbkdf2Sync(password, salt, 4096, bytes, hash)
        const credential = { name: 'app-user', mechanism, iterations: 4096, salt, saltedPassword }
        await alterUserScramCredentialsV0.api.async(connection, [], [credential])
      }
    })

  /** Topics: `allowed` is open to the user and to the holder of the certificate, `open` to who says nothing of himself. */
  const allow = () =>
    asMillrace(async (connection) => {
      const topics = ['allowed', 'open', 'denied'].map((name) => ({
        name,
        numPartitions: 1,
        replicationFactor: 1,
        assignments: [],
        configs: [],
      }))
      await createTopicsV7.api.async(connection, topics, 5_000, false)
      const [topic, group] = [2, 3] as const
      const [read, write] = [3, 4] as const
      const acls = [
        ...['app-user', 'cert-user'].flatMap((user) => [
          [user, topic, 'allowed', write] as const,
          [user, topic, 'allowed', read] as const,
          [user, group, 'readers', read] as const,
        ]),
        ['ANONYMOUS', topic, 'open', write] as const,
      ]
      await createAclsV3.api.async(
        connection,
        acls.map(([user, resourceType, resourceName, operation]) => ({
          resourceType,
          resourceName,
          resourcePatternType: 3 as const,
          principal: `User:${user}`,
          host: '*',
          operation,
          permissionType: 3 as const,
        })),
      )
    })

  const listenerOf = (name: ClientListenerName) => spec.security!.listeners.find((one) => one.name === name)!
  const servers = (name: ClientListenerName) => `${spec.address}:${listenerOf(name).port}`
  const shownFor = (name: ClientListenerName) =>
    clientConfigurations({
      listener: listenerOf(name),
      bootstrapServers: servers(name),
      checksHostnames: true,
      hasAuthorityFile: true,
      mechanisms: saslMechanisms,
    })

  type Attempt = { password?: string; mechanism?: string; trust?: string; key?: string }

  /** For Java, with the names of files and the secrets filled in. */
  async function propertiesFor(name: ClientListenerName, more: Attempt = {}): Promise<string> {
    await writeFile(join(folder, 'ca.pem'), more.trust ?? ours.certificate)
    if (more.key) await writeFile(join(folder, 'client.pem'), more.key)
    return shownFor(name)
      .java.replace('YOUR_USER', 'app-user')
      .replace('YOUR_PASSWORD', more.password ?? password)
      .replace('SCRAM-SHA-512', more.mechanism ?? 'SCRAM-SHA-512')
      .replace('=ca.pem', `=${join(folder, 'ca.pem')}`)
      .replace(/^ssl\.keystore.*\n/gm, (line) =>
        more.key ? line.replace('client.pem', join(folder, 'client.pem')) : '',
      )
  }

  /** What the client said; nothing: the record is in. */
  const attempt = async (name: ClientListenerName, topic: string, more: Attempt = {}) =>
    clients.produce(await propertiesFor(name, more), topic)

  const isDenied = /TopicAuthorizationException/
  const isUntrusted = /SslAuthenticationException|SSL handshake failed/

  for (const name of ['SASL_PLAINTEXT', 'SASL_SSL'] as const) {
    test(`${name} takes the right password, to the topic that an ACL opens`, async () => {
      assert.equal(await attempt(name, 'allowed'), '')
      assert.match(await attempt(name, 'denied'), isDenied)
    })
    test(`${name} refuses a wrong password`, async () => {
      assert.match(
        await attempt(name, 'allowed', { password: 'wrong-horse-battery' }),
        /SaslAuthenticationException|Authentication failed/,
      )
    })
  }

  test('SASL_SSL takes the same password by SCRAM-SHA-256, and no other', async () => {
    const mechanism = 'SCRAM-SHA-256'
    assert.equal(await attempt('SASL_SSL', 'allowed', { mechanism }), '')
    const wrong = await attempt('SASL_SSL', 'allowed', { mechanism, password: 'wrong-horse-battery' })
    assert.match(wrong, /SaslAuthenticationException/)
  })

  test('SASL_SSL gives records to a group that ACLs open, and to no other group and of no other topic', async () => {
    const properties = await propertiesFor('SASL_SSL')
    assert.equal(await clients.consume(properties, 'allowed', 'readers'), '')
    assert.match(await clients.consume(properties, 'allowed', 'others'), /GroupAuthorizationException/)
    assert.match(await clients.consume(properties, 'denied', 'readers'), isDenied)
  })

  for (const name of ['PLAINTEXT', 'SSL'] as const) {
    test(`${name} lets nobody in particular do what an ACL opens to him, and nothing else`, async () => {
      assert.equal(await attempt(name, 'open'), '')
      assert.match(await attempt(name, 'allowed'), isDenied)
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
    assert.match(await attempt('MTLS', 'denied', key), isDenied)
  })

  for (const name of ['SSL', 'SASL_SSL', 'MTLS'] as const) {
    test(`${name} is not trusted by a client that knows another authority`, async () => {
      const key = await holder(company, 'cert-user')
      assert.match(await attempt(name, 'allowed', { ...key, trust: stranger.certificate }), isUntrusted)
    })
  }

  /** What Millrace shows for another kind of client, with its files beside it, as a person would have them. */
  async function pasted(kind: 'node' | 'librdkafka', name: ClientListenerName, file: string): Promise<string> {
    const { privateKey, certificate } = await issue(company, 'cert-user')
    await writeFile(join(folder, 'ca.pem'), ours.certificate)
    await writeFile(join(folder, 'client.crt'), certificate)
    await writeFile(join(folder, 'client.key'), privateKey, { mode: 0o600 })
    await writeFile(
      join(folder, file),
      shownFor(name)[kind].replace('YOUR_USER', 'app-user').replace('YOUR_PASSWORD', password),
    )
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

  /** What kcat said of a record that it sent; nothing: it is in. PLAIN, since kcat of Debian 12 cannot do SCRAM here. */
  async function kcat(name: ClientListenerName, topic: string, change: (text: string) => string = (text) => text) {
    const file = await pasted('librdkafka', name, 'librdkafka.properties')
    const text = (await readFile(file, 'utf8')).replace('SCRAM-SHA-512', 'PLAIN')
    await writeFile(file, change(text))
    await writeFile(join(folder, 'stranger.pem'), stranger.certificate)
    const words = ['-F', file, '-P', '-t', topic, '-X', 'message.timeout.ms=3000', '-l', join(folder, 'client.crt')]
    return run('kcat', words, { cwd: folder, timeout: 30_000 }).then(
      () => '',
      (thrown: { stderr?: string }) => thrown.stderr || 'kcat ended without a word',
    )
  }

  for (const name of ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL', 'MTLS'] as const) {
    test(`${name} takes a record from kcat with the text for it, to the topic that an ACL opens`, async () => {
      const topic = listenerOf(name).method === 'anonymous' ? 'open' : 'allowed'
      assert.equal(await kcat(name, topic), '')
      assert.match(await kcat(name, 'denied'), /Topic authorization failed/)
    })
  }

  for (const name of ['SSL', 'SASL_SSL', 'MTLS'] as const) {
    test(`${name} is not trusted by kcat that knows another authority`, async () => {
      const said = await kcat(name, 'allowed', (text) => text.replace('=ca.pem', '=stranger.pem'))
      assert.match(said, /certificate verify failed/)
    })
  }

  test('kcat is refused with a wrong password, and without a certificate', async () => {
    const wrong = (text: string) => text.replace(password, 'wrong-horse-battery')
    for (const name of ['SASL_PLAINTEXT', 'SASL_SSL'] as const) {
      assert.match(await kcat(name, 'allowed', wrong), /SASL authentication error|Authentication failed/)
    }
    const without = (text: string) => text.replace(/^ssl\.(certificate|key)\..*\n/gm, '')
    assert.match(await kcat('MTLS', 'allowed', without), /SSL|handshake|alert/)
  })

  test('MTLS refuses no certificate, and one of another authority', async () => {
    assert.match(await attempt('MTLS', 'allowed'), /SslAuthenticationException|SSL handshake failed|TimeoutException/)
    assert.match(
      await attempt('MTLS', 'allowed', await holder(stranger, 'cert-user')),
      /SslAuthenticationException|handshake|TimeoutException/,
    )
  })
  test('MTLS makes no node of a user’s certificate that is named like one', async () => {
    assert.match(await attempt('MTLS', 'denied', await holder(company, 'node-1')), isDenied)
  })

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
    })
  }

  test('PLAIN works in Kafka’s Java client as the remark of the text for it says', async () => {
    const [, login = ''] = /PLAIN works too: (\S+)\./.exec(shownFor('SASL_SSL').java) ?? []
    const properties = (await propertiesFor('SASL_SSL', { mechanism: 'PLAIN' })).replace(
      /jaas\.config=\S+/,
      `jaas.config=${login}`,
    )
    assert.equal(await clients.produce(properties, 'allowed'), '')
  })

  test('PLAIN goes by another password, and lets a user go, as soon as that is written', async () => {
    const renew = async (users: typeof byPlain) => {
      byPlain = users
      await provider.renewVerifiers(spec.instanceId)
    }
    await renew([
      { name: 'app-user', password: 'other-horse-battery' },
      { name: 'second-user', password },
      { name: 'größe:a@b c', password: 'Fünf Pferde 🐎' },
    ])
    assert.match(await plain('SASL_SSL', 'app-user', password), isRefused)
    assert.equal(await plain('SASL_SSL', 'app-user', 'other-horse-battery'), '')
    assert.equal(await plain('SASL_SSL', 'second-user', password), '')
    assert.equal(await plain('SASL_SSL', 'größe:a@b c', 'Fünf Pferde 🐎'), '')
    assert.match(await plain('SASL_SSL', 'größe:a@b c', 'Funf Pferde 🐎'), isRefused)
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
