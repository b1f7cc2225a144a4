import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { after, before, describe, test } from 'node:test'
import { recommendedVersion } from '../../src/domain/version.ts'
import { readCatalogue } from '../../src/kafka/catalogue.ts'
import { readCertificates } from '../../src/security/own-chain.ts'
import { faultsOf, startLedger, type Ledger } from '../harness/ledger/ledger.ts'
import { startJavaClients, type JavaClients } from './java-clients.ts'
import { catalogueFile, changeLimitMs, eventually } from './real-home.ts'
import { makeServedHome, type ServedHome, type Server } from './served-home.ts'

/** The authority of an Instance of real Kafka is exchanged in place, while clients that know it by `ca.pem` are at work. */
const { version } = recommendedVersion(readCatalogue(catalogueFile))

describe('an authority that is exchanged', () => {
  let home: ServedHome
  let server: Server
  let folder: string
  let instanceId = ''
  let clients: JavaClients
  let ledger: Ledger | undefined
  let former = ''

  before(async () => {
    home = await makeServedHome()
    server = await home.start()
    folder = await mkdtemp(join(tmpdir(), 'millrace-clients-'))
    const networks = ['local-a', 'local-b', 'local-c'].map((zone) => ({ zone }))
    const security = { authenticationMethods: ['anonymous'], transitEncryptionModes: ['tls'] }
    const request = { name: 'certified', version, spec: { reservedAku: 6, networks }, features: { security } }
    instanceId = (await send('POST', '/instances', request)).instanceId
    await becomesRunning()
    clients = await startJavaClients(join(home.home, 'kafka', version, 'libs'))
    former = await authority()
  })
  after(async () => {
    ledger?.[Symbol.dispose]()
    await clients?.[Symbol.asyncDispose]()
    await home?.cleanUp()
    await rm(folder, { recursive: true, force: true })
  })

  const send = async (method: string, path: string, sent?: unknown) => {
    const { status, body } = await server.call(method, path, sent)
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  const becomesRunning = () =>
    eventually(changeLimitMs, async () => {
      const { state, currentOperation } = await send('GET', `/instances/${instanceId}`)
      return state === 'Running' || `${state}: ${JSON.stringify(currentOperation)}`
    })
  const exchange = async (until: string): Promise<string> => {
    const { currentOperation } = await send('POST', `/instances/${instanceId}:exchangeAuthority`, { until })
    return currentOperation.operationId
  }
  const succeeds = async (operationId: string) => {
    await becomesRunning()
    assert.equal((await send('GET', `/operations/${operationId}`)).status, 'Succeeded')
  }
  const authority = async () => (await server.read(`/instances/${instanceId}/certificate-authority`)).text
  const endpoint = async () => (await send('GET', `/instances/${instanceId}/endpoints`)).list[0]
  const kinds = async () => {
    const { list } = await send('GET', `/instances/${instanceId}/certificates`)
    return list.map(({ kind }: { kind: string }) => kind)
  }

  /** As the page of endpoints shows it, by this `ca.pem`. */
  async function propertiesWith(pem: string): Promise<string> {
    const [ca, file] = [join(folder, 'ca.pem'), join(folder, 'client.properties')]
    await writeFile(ca, pem)
    await writeFile(file, (await endpoint()).configurations.java.replace('=ca.pem', `=${ca}`))
    return file
  }
  const startWork = async (topic: string, pem: string) => {
    const { bootstrapServers } = await endpoint()
    const clientProperties = await propertiesWith(pem)
    const where = { home: home.home, bootstrapServers, clientProperties, topic }
    ledger = await startLedger({ ...where, partitions: 6, perSecond: 100 })
  }
  async function hasNoFaults() {
    const report = await ledger!.end()
    assert.deepEqual(faultsOf(report), [], JSON.stringify(report))
    assert.ok(report.sent > 1_000, `only ${report.sent} records were sent`)
  }
  const saysTo = async (pem: string) => clients.produce(await readFile(await propertiesWith(pem), 'utf8'), 'probe')

  const issuerAt = (address: string) => {
    const [host, port] = address.split(':')
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const socket = connect({ host: host!, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!.issuer)
      socket.destroy()
    })
    socket.on('error', reject)
    return promise
  }
  const issuers = async () => {
    const { bootstrapServers } = await endpoint()
    return [...new Set(await Promise.all((bootstrapServers as string).split(',').map(issuerAt)))]
  }

  test('is published: ca.pem holds both, and clients with the former file lose nothing', async () => {
    await startWork('former', former)
    await succeeds(await exchange('published'))
    await hasNoFaults()
    const both = await authority()
    assert.ok(both.startsWith(former))
    assert.equal(readCertificates(both)!.length, 2)
    assert.deepEqual(await issuers(), [`CN=Millrace ${instanceId}`])
    assert.match((await endpoint()).warning, /need the new file/)
    assert.ok((await kinds()).includes('next-authority'))
  })

  test('takes over under load, though Millrace is killed half-way, and clients with the new file lose nothing', async () => {
    const both = await authority()
    await startWork('both', both)
    const operationId = await exchange('exchanged')
    await eventually(changeLimitMs, async () => {
      // A node that restarts shows none.
      const seen = await issuers().catch(() => [])
      return seen.length === 2 || `seen: ${seen.join(', ')}`
    })
    await server.end('SIGKILL')
    server = await home.start()
    await succeeds(operationId)
    await hasNoFaults()
    assert.deepEqual(await issuers(), [`CN=Millrace ${instanceId} 2`])
  })

  test('leaves nothing of the former one with nodes, clients and Millrace', async () => {
    const alone = await authority()
    assert.equal(new X509Certificate(alone).subject, `CN=Millrace ${instanceId} 2`)
    assert.deepEqual(new Set(await kinds()), new Set(['authority', 'node']))
    assert.equal((await endpoint()).warning, null)
    for (const kafkaId of ['1', '2', '3']) {
      const trust = join(home.home, 'nodes', instanceId, kafkaId, 'conf', 'node-trust.pem')
      assert.equal(await readFile(trust, 'utf8'), alone)
    }
    assert.equal(await saysTo(alone), '')
    assert.match(await saysTo(former), /SslAuthenticationException|SSL handshake failed/)
  })
})
