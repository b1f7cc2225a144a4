import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { makeDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { subjectsOf } from '../../test/harness/rounds.ts'
import { makeWorker } from '../../test/harness/worker.ts'
import { makeStage, type Stage } from '../../test/harness/world.ts'
import type { AuthorityStanding } from '../domain/authority-standing.ts'
import { ChangeInput } from '../domain/change.ts'
import type { InstanceId } from '../domain/id.ts'
import type { Round } from '../engine/define-reconciler.ts'
import type { World } from '../operations/world.ts'
import { createAuthority } from '../security/authority.ts'
import { insertInstanceAuthority, listInstanceAuthorities } from '../store/instance-authorities.ts'
import { getInstance } from '../store/instances.ts'
import { getOperation, listOpenOperations } from '../store/operations.ts'
import { watchCertificates } from './watch-certificates.ts'

let database: TestDatabase
let stage: Stage
let round: Round<World>
let instanceId: InstanceId
before(async () => void (database = await makeDatabase()))
after(() => database[Symbol.asyncDispose]())
const made = { sealedKey: 'sealed' }

beforeEach(async () => {
  stage = await makeStage(database.db)
  round = { ...stage, random: (bytes) => randomBytes(bytes) }
  const security = { authenticationMethods: ['sasl'], transitEncryptionModes: ['tls'] }
  instanceId = (await getOperation(stage.db, await stage.create({ features: { security } }))).instanceId
  await makeWorker(stage).settle()
  const { certificate } = await createAuthority('Millrace', stage.now())
  await insertInstanceAuthority(stage.db, instanceId, { ...made, number: 1, certificate, createdAt: stage.now() })
  stage.ledger.splice(0)
})

const passDays = (days: number) => stage.pass(days * 86_400_000)

async function doRound() {
  for (const subject of await subjectsOf(watchCertificates, round)) await watchCertificates.reconcile(round, subject)
}

const open = () => listOpenOperations(stage.db, [instanceId])
const told = async () => {
  const query = stage.db.selectFrom('events').select('message').where('instance_id', '=', instanceId)
  return (await query.where('kind', '=', 'certificate.ends').orderBy('id').execute()).map(({ message }) => message)
}

test('renews the certificates of nodes that have run long, by a roll, once', async () => {
  passDays(300)
  await doRound()
  assert.deepEqual(await open(), [])
  passDays(10)
  await doRound()
  const [operation] = await open()
  assert.equal(operation?.kind, 'renew-certificates')
  await makeWorker(stage).settle()
  assert.equal((await getOperation(stage.db, operation!.id)).outcome, 'succeeded')
  assert.equal(stage.ledger.filter(({ act }) => act === 'started').length, 3)
  await doRound()
  assert.deepEqual(await open(), [])
})

test('leaves an Instance alone whose Operation is under way, and for a day one whose renewal was cancelled', async () => {
  passDays(310)
  const restart = await stage.change(instanceId, { restart: [1] })
  await doRound()
  assert.deepEqual(
    (await open()).map(({ id }) => id),
    [restart],
  )
  await makeWorker(stage).settle()
  await doRound()
  const [renewal] = await open()
  await stage.control(renewal!.id, 'cancel')
  await makeWorker(stage).settle()
  await doRound()
  assert.deepEqual(await open(), [])
  passDays(2)
  await doRound()
  assert.equal((await open())[0]?.kind, 'renew-certificates')
})

test('tells that certificates of nodes end where a failed Operation keeps them from being renewed', async () => {
  const id = await stage.change(instanceId, { restart: [1] })
  await stage.db.updateTable('operations').set({ outcome: 'failed' }).where('id', '=', id).execute()
  passDays(320)
  await doRound()
  assert.deepEqual(await told(), [])
  passDays(20)
  await doRound()
  await doRound()
  const [words, ...others] = await told()
  assert.match(words!, /^A node’s certificate ends on .* in less than 30 days\. .*no Operation stands in the way/)
  assert.deepEqual(others, [])
})

test('tells of the authority’s end before the next one is published, before it takes over, and at 30 days and 7', async () => {
  await holdBack()
  for (const days of [3_650 - 700, 310, 20, 350, 15]) {
    passDays(days)
    await doRound()
    await doRound()
  }
  const words = await told()
  assert.match(words[0]!, /^The certificate authority ends on .* in less than 730 days\. .*need the new file/)
  const others = words.slice(1).map((one) => /in less than \d+ days/.exec(one)![0])
  assert.deepEqual(
    others,
    [395, 372, 30, 7].map((days) => `in less than ${days} days`),
  )
})

/** Nothing of Millrace's own can begin, and no node tells of its certificate. */
async function holdBack(): Promise<void> {
  const id = await stage.change(instanceId, { restart: [1] })
  await stage.db.updateTable('operations').set({ outcome: 'failed' }).where('id', '=', id).execute()
  await stage.db.updateTable('nodes').set({ started_at: null }).execute()
}

/** Nodes are young, so that their own certificates are no reason. */
async function exchangeBegun(): Promise<AuthorityStanding | null> {
  await stage.db.updateTable('nodes').set({ started_at: stage.now() }).execute()
  await doRound()
  const [operation] = await open()
  if (operation) await makeWorker(stage).settle()
  if (!operation) return null
  assert.equal(operation.kind, 'exchange-authority')
  return ChangeInput.parse(operation.input).wish.authority!
}

test('publishes the next authority two years before the end, and lets it take over a year before', async () => {
  const standing = async () => (await getInstance(stage.db, instanceId)).authority
  passDays(3_650 - 740)
  assert.equal(await exchangeBegun(), null)
  passDays(20)
  assert.deepEqual(await exchangeBegun(), { oldest: 1, signing: 1, newest: 2 })
  assert.deepEqual(await standing(), { oldest: 1, signing: 1, newest: 2 })
  const { certificate } = await createAuthority('Millrace 2', stage.now())
  await insertInstanceAuthority(stage.db, instanceId, { ...made, number: 2, certificate, createdAt: stage.now() })

  passDays(350)
  assert.equal(await exchangeBegun(), null)
  passDays(10)
  assert.deepEqual(await exchangeBegun(), { oldest: 2, signing: 2, newest: 2 })
  assert.deepEqual(await standing(), { oldest: 2, signing: 2, newest: 2 })
  assert.deepEqual(
    (await listInstanceAuthorities(stage.db, instanceId)).map(({ number }) => number),
    [2],
  )
  assert.equal(await exchangeBegun(), null)
})
