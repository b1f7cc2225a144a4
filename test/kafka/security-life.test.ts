import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { after, before, describe, test } from 'node:test'
import { readCatalogue } from '../../src/kafka/catalogue.ts'
import { recommendedVersion } from '../../src/domain/version.ts'
import { createAuthority, issueCertificate } from '../../src/security/authority.ts'
import { faultsOf, startLedger, type Ledger, type LedgerWork } from '../harness/ledger/ledger.ts'
import { makeDatabase, type TestDatabase } from '../harness/database.ts'
import { asksForAuthority } from '../../src/kafka/certificates.ts'
import { startJavaClients, type JavaClients } from './java-clients.ts'
import { catalogueFile, changeLimitMs, eventually } from './real-home.ts'
import { makeServedHome, type ServedHome, type Server } from './served-home.ts'
import { kcatSignsIn, signInByPlain } from './sign-in.ts'

/**
 * A secured Instance of real Kafka through its life: its certificates are exchanged and renewed, listeners come and go, while
 * Kafka's own clients are at work with the configuration that Millrace shows.
 */
const now = new Date()
const company = await createAuthority('Company', now)
const partner = await createAuthority('Partner', now)
const { version } = recommendedVersion(readCatalogue(catalogueFile))
const password = 'right-horse-battery'

describe('the security of an Instance that runs', () => {
  let home: ServedHome
  let server: Server
  let folder: string
  let instanceId = ''
  let millraceCa = ''
  let database: TestDatabase
  let clients: JavaClients
  let ledgers: Ledger[] = []

  before(async () => {
    database = await makeDatabase()
    const { host, user, database: name } = database.connection
    home = await makeServedHome({
      DATABASE_URL: `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host!)}`,
    })
    server = await home.start()
    folder = await mkdtemp(join(tmpdir(), 'millrace-clients-'))
    const networks = ['local-a', 'local-b', 'local-c'].map((zone) => ({ zone }))
    const request = { name: 'secured', version, spec: { reservedAku: 6, networks } }
    instanceId = (await send('POST', '/instances', request)).instanceId
    await becomesRunning()
    clients = await startJavaClients(join(home.home, 'kafka', version, 'libs'))
  })
  after(async () => {
    for (const ledger of ledgers) ledger[Symbol.dispose]()
    await clients?.[Symbol.asyncDispose]()
    await home?.cleanUp()
    await database?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const send = async (method: string, path: string, sent?: unknown) => {
    const { status, body } = await server.call(method, path, sent)
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  const text = async (path: string): Promise<string> => {
    const { status, text: body } = await server.read(path)
    assert.equal(status, 200, body)
    return body
  }
  const becomesRunning = () =>
    eventually(changeLimitMs, async () => {
      const { state, currentOperation } = await send('GET', `/instances/${instanceId}`)
      return state === 'Running' || `${state}: ${JSON.stringify(currentOperation)}`
    })
  const secure = async (security: object) => {
    const { currentOperation } = await send('PATCH', `/instances/${instanceId}`, { features: { security } })
    await becomesRunning()
    const { status } = await send('GET', `/operations/${currentOperation.operationId}`)
    assert.equal(status, 'Succeeded')
  }
  const endpoint = async (name: string) => {
    const { list } = await send('GET', `/instances/${instanceId}/endpoints`)
    return list.find((one: { name: string }) => one.name === name)
  }
  const processes = async () => (await home.nodeProcesses()).map(({ pid }) => pid).toSorted()

  const startLedgerAt = async (listener: string, more: Pick<LedgerWork, 'topic' | 'clientProperties'>) => {
    const { bootstrapServers } = await endpoint(listener)
    ledgers.push(await startLedger({ home: home.home, bootstrapServers, partitions: 6, perSecond: 100, ...more }))
  }

  /** Of all that are at work; they end. */
  async function haveNoFaults() {
    for (const ledger of ledgers) {
      const report = await ledger.end()
      assert.deepEqual(faultsOf(report), [], JSON.stringify(report))
      assert.ok(report.sent > 1_000, `only ${report.sent} records were sent`)
    }
    ledgers = []
  }

  async function makeUser() {
    await send('POST', `/instances/${instanceId}/users`, { name: 'app-user', password })
    await send('POST', `/instances/${instanceId}/topics`, { name: 'probe', partition: 3 })
    const allowed = [
      ['app-user', 'TOPIC', 'ledger'],
      ['app-user', 'GROUP', 'ledger-readers'],
      ['app-user', 'TOPIC', 'probe'],
      ['cert-user', 'TOPIC', 'probe'],
      ['cert-user', 'TOPIC', 'mutual'],
      ['cert-user', 'GROUP', 'mutual-readers'],
    ] as const
    const params = allowed.map(([user, resourceType, name]) => ({
      accessControlParam: { user, operationGroup: 'ALL', permissionType: 'ALLOW' },
      resourcePatternParam: { resourceType, name, patternType: 'LITERAL' },
    }))
    await send('POST', `/instances/${instanceId}/acls`, { params })
  }

  type Client = { trust: string; key?: string; user?: string; secret?: string }

  /** What Millrace shows, with the names of files and the secrets filled in. */
  async function propertiesFor(client: string, listener: string, access: Client): Promise<string> {
    const { trust, key, user = 'app-user', secret = password } = access
    const { configurations } = await endpoint(listener)
    const file = (name: string) => join(folder, `${client}-${name}`)
    await writeFile(file('ca.pem'), trust)
    if (key) await writeFile(file('client.pem'), key, { mode: 0o600 })
    const properties = configurations.java
      .replace('YOUR_USER', user)
      .replace('YOUR_PASSWORD', secret)
      .replace('=ca.pem', `=${file('ca.pem')}`)
      .replace('=client.pem', `=${file('client.pem')}`)
    await writeFile(file('properties'), properties, { mode: 0o600 })
    return file('properties')
  }

  /** What the client said; nothing: its record is in. */
  async function produce(listener: string, client: Client): Promise<string> {
    return clients.produce(await readFile(await propertiesFor('once', listener, client), 'utf8'), 'probe')
  }

  const shownAt = (server: string) => {
    const [host, port] = server.split(':')
    const { promise, resolve, reject } = Promise.withResolvers<X509Certificate>()
    const socket = connect({ host: host!, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!)
      socket.destroy()
    })
    socket.on('error', reject)
    return promise
  }
  const shown = async (listener: string) =>
    Promise.all(((await endpoint(listener)).bootstrapServers as string).split(',').map(shownAt))

  const chainFor = async (addresses: string[]) => {
    const request = { commonName: 'kafka.example.com', dnsNames: ['kafka.example.com'], addresses, now, days: 90 }
    const leaf = await issueCertificate(company, request)
    return { certificateChain: leaf.certificate + company.certificate, privateKey: leaf.privateKey }
  }

  const holder = async (authority: typeof company) => {
    const request = { commonName: 'cert-user', dnsNames: ['cert-user'], addresses: [], now, days: 1 }
    const { privateKey, certificate } = await issueCertificate(authority, request)
    return { trust: company.certificate, key: privateKey + certificate }
  }

  test('takes users and certificates beside anybody, by a roll, and loses nothing of who was there', async () => {
    const certificates = (await send('GET', `/instances/${instanceId}/certificates`)).list
    assert.deepEqual(new Set(certificates.map(({ kind }: { kind: string }) => kind)), new Set(['authority', 'node']))
    const { bootstrapServers } = await endpoint('PLAINTEXT')
    await startLedgerAt('PLAINTEXT', { topic: 'open' })
    const authenticationMethods = ['anonymous', 'sasl', 'mtls']
    const transitEncryptionModes = ['plaintext', 'tls']
    await secure({ authenticationMethods, transitEncryptionModes, certificateAuthority: company.certificate })
    await haveNoFaults()
    assert.equal((await endpoint('PLAINTEXT')).bootstrapServers, bootstrapServers)
    millraceCa = await text(`/instances/${instanceId}/certificate-authority`)
    await makeUser()
    assert.equal(await produce('PLAINTEXT', { trust: '' }), '')
    assert.equal(await produce('SASL_SSL', { trust: millraceCa }), '')
    assert.equal(await produce('MTLS', { ...(await holder(company)), trust: millraceCa }), '')
    const stranger = await holder(await createAuthority('Stranger', now))
    assert.match(
      await produce('MTLS', { ...stranger, trust: millraceCa }),
      /SslAuthenticationException|handshake|TimeoutException/,
    )
    const trust = millraceCa + company.certificate
    await startLedgerAt('SASL_SSL', { clientProperties: await propertiesFor('ledger', 'SASL_SSL', { trust }) })
  })

  test('shows a new certificate on every node, without a restart, to those who trust it', async () => {
    const before = await processes()
    const { bootstrapServers } = await endpoint('SASL_SSL')
    const addresses = bootstrapServers.split(',').map((server: string) => server.split(':')[0])
    const chain = await chainFor(addresses)
    await secure({ certificateAuthority: company.certificate, ...chain })
    const { fingerprint256 } = new X509Certificate(chain.certificateChain)
    assert.deepEqual(new Set((await shown('SASL_SSL')).map((one) => one.fingerprint256)), new Set([fingerprint256]))
    assert.deepEqual(await processes(), before)
    assert.equal(await produce('SASL_SSL', { trust: company.certificate }), '')
    assert.match(await produce('SASL_SSL', { trust: millraceCa }), /SslAuthenticationException|SSL handshake failed/)
  })

  test('lets users in by PLAIN on every node, and by SCRAM, by the password that holds now, until they are gone', async () => {
    const users = `/instances/${instanceId}/users`
    const ca = join(folder, 'plain-ca.pem')
    await writeFile(ca, company.certificate)
    const { bootstrapServers } = await endpoint('SASL_SSL')
    const servers: string[] = bootstrapServers.split(',')
    const said = (secret: string) =>
      Promise.all(servers.map((one) => signInByPlain(one, { user: 'plain-user', password: secret, ca })))
    const letIn = servers.map(() => '')
    const byScram = (secret: string) => produce('SASL_SSL', { trust: company.certificate, user: 'plain-user', secret })
    /** He may write to nothing, and is told so once he is in. */
    const isIn = /TopicAuthorizationException/
    const areRefused = (words: string[]) => words.every((one) => /SASL authentication failed/.test(one))

    assert.ok(areRefused(await said(password)))
    await send('POST', users, { name: 'plain-user', password })
    assert.deepEqual(await said(password), letIn)
    await kcatSignsIn(servers[0]!, { user: 'plain-user', password, ca })
    assert.match(await byScram(password), isIn)
    const { password: another } = await send('POST', `${users}/plain-user:rotate`, {})
    assert.ok(areRefused(await said(password)))
    assert.deepEqual(await said(another), letIn)
    assert.match(await byScram(password), /SaslAuthenticationException/)
    assert.match(await byScram(another), isIn)
    await send('DELETE', `${users}/plain-user`)
    assert.ok(areRefused(await said(another)))
  })

  test('shows Millrace’s own again', async () => {
    await secure({ certificateChain: '', privateKey: '' })
    for (const { issuer } of await shown('SASL_SSL')) assert.equal(issuer, `CN=Millrace ${instanceId}`)
    assert.equal(await produce('SASL_SSL', { trust: millraceCa }), '')
  })

  test('goes by another authority of clients, without a restart, to see from outside', async () => {
    const before = await processes()
    await secure({ certificateAuthority: partner.certificate })
    assert.deepEqual(await processes(), before)
    for (const server of ((await endpoint('MTLS')).bootstrapServers as string).split(',')) {
      const [host, port] = server.split(':')
      const asksFor = ({ certificate }: typeof company) =>
        asksForAuthority({ kafkaId: 0, host: host!, port: Number(port) }, Number(port), certificate)
      assert.deepEqual([await asksFor(partner), await asksFor(company)], [true, false])
    }
    assert.equal(await produce('MTLS', { ...(await holder(partner)), trust: millraceCa }), '')
    assert.match(
      await produce('MTLS', { ...(await holder(company)), trust: millraceCa }),
      /SslAuthenticationException|handshake|TimeoutException/,
    )
  })

  test('renews the certificate of a node that has run long, by a restart of that node alone', async () => {
    const access = { ...(await holder(partner)), trust: millraceCa }
    await startLedgerAt('MTLS', { topic: 'mutual', clientProperties: await propertiesFor('mutual', 'MTLS', access) })
    const numbers = async (): Promise<string[]> => {
      const { list } = await send('GET', `/instances/${instanceId}/certificates`)
      const ofNodes = list.filter(({ kind }: { kind: string }) => kind === 'node')
      return ofNodes.map((one: Record<string, string>) => `${one['kafkaId']} ${one['serialNumber']}`).toSorted()
    }
    const before = await numbers()
    await server.end('SIGTERM')
    const startedAt = new Date(Date.now() - 306 * 86_400_000)
    const file = join(home.home, 'nodes', instanceId, '1', 'node.json')
    const record = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...record, startedAt }))
    await database.db.updateTable('nodes').set({ started_at: startedAt }).where('kafka_id', '=', 1).execute()
    await database.db.deleteFrom('duties').where('name', '=', 'watch-certificates').execute()
    server = await home.start()
    await eventually(changeLimitMs, async () => {
      const { list } = await send('GET', `/operations?instanceId=${instanceId}`)
      const renewal = list.find(({ kind }: { kind: string }) => kind === 'renew-certificates')
      return renewal?.status === 'Succeeded' || JSON.stringify(renewal)
    })
    const after = await numbers()
    assert.deepEqual(before.slice(1), after.slice(1))
    assert.notEqual(before[0], after[0])
  })

  test('drops listeners by a roll, and those that stay serve on', async () => {
    const { bootstrapServers } = await endpoint('SASL_SSL')
    const [host, port] = ((await endpoint('PLAINTEXT')).bootstrapServers as string).split(',')[0]!.split(':')
    await secure({ authenticationMethods: ['sasl', 'mtls'], transitEncryptionModes: ['tls'] })
    const { list } = await send('GET', `/instances/${instanceId}/endpoints`)
    assert.deepEqual(
      list.map(({ name }: { name: string }) => name),
      ['SASL_SSL', 'MTLS'],
    )
    assert.equal(list[0].bootstrapServers, bootstrapServers)
    const socket = createConnection({ host: host!, port: Number(port) })
    const [refusal] = await once(socket, 'error')
    assert.equal(refusal.code, 'ECONNREFUSED')
    assert.equal(await produce('SASL_SSL', { trust: millraceCa }), '')
    assert.equal(await produce('MTLS', { ...(await holder(partner)), trust: millraceCa }), '')
  })

  test('has failed, lost and doubled nothing for users and holders of certificates who were there', haveNoFaults)

  test('keeps every key where others cannot read it', async () => {
    const nodes = join(home.home, 'nodes', instanceId)
    for (const kafkaId of ['1', '2', '3']) {
      const conf = join(nodes, kafkaId, 'conf')
      for (const name of await readdir(conf)) assert.equal((await stat(join(conf, name))).mode & 0o077, 0, name)
    }
  })
})
