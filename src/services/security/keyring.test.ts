import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import type { TestDatabase } from '../../../test/harness/database.ts'
import { addInstance, makeStore, start } from '../../../test/harness/rows.ts'
import { firstStanding, type AuthorityStanding } from '../../domain/authority-standing.ts'
import type { InstanceId } from '../../domain/id.ts'
import { readCertificates } from '../../security/own-chain.ts'
import { listInstanceAuthorities, updateAuthorityStanding } from '../../store/instance-authorities.ts'
import { makeSecretBox } from '../../store/secret-box.ts'
import { makeKeyring, trustOf, type KeyringGround } from './keyring.ts'

let database: TestDatabase
let ground: KeyringGround
let instanceId: InstanceId
before(async () => {
  database = await makeStore()
  ground = { db: database.db, secrets: makeSecretBox([randomBytes(32)]), now: () => start }
})
after(() => database[Symbol.asyncDispose]())
beforeEach(async () => void (instanceId = (await addInstance(database.db)).id))

const [published, takenOver, exchanged]: AuthorityStanding[] = [
  { oldest: 1, signing: 1, newest: 2 },
  { oldest: 1, signing: 2, newest: 2 },
  { oldest: 2, signing: 2, newest: 2 },
]

const move = (standing: AuthorityStanding) =>
  database.db.transaction().execute((tx) => updateAuthorityStanding(tx, instanceId, { standing, now: start }))

const issuerOf = (pem: string) => readCertificates(pem)![0]!.issuer
const namesIn = (pem: string) => readCertificates(pem)!.map(({ subject }) => subject)
const [first, second] = [() => `CN=Millrace ${instanceId}`, () => `CN=Millrace ${instanceId} 2`]

const storesAs = (authority: AuthorityStanding) =>
  makeKeyring(ground).storesFor({ instanceId, kafkaId: 1, address: '127.0.0.1', own: null, authority })

test('gives a node what it is to trust and to show, at every move of an exchange', async () => {
  const moves: [AuthorityStanding, issuer: string, trusted: string[]][] = [
    [firstStanding, first(), [first()]],
    [published!, first(), [first(), second()]],
    [takenOver!, second(), [first(), second()]],
    [exchanged!, second(), [second()]],
  ]
  for (const [standing, issuer, trusted] of moves) {
    await move(standing)
    const { nodeKey, nodeTrust, clientKey, clientTrust } = await storesAs(standing)
    assert.equal(issuerOf(nodeKey), issuer)
    assert.equal(clientKey, nodeKey)
    assert.deepEqual(namesIn(nodeTrust), trusted)
    assert.equal(clientTrust, nodeTrust)
    assert.equal(await trustOf(ground, instanceId), nodeTrust)
  }
})

test('shows and trusts by itself as the nodes do, at once, also where another Millrace has made the move', async () => {
  const keyring = makeKeyring(ground)
  const before = await keyring.identityFor(instanceId)
  assert.deepEqual([issuerOf(before.certificate), namesIn(before.authority)], [first(), [first()]])
  assert.equal(await keyring.identityFor(instanceId), before)
  await move(takenOver!)
  const { certificate, authority } = await keyring.identityFor(instanceId)
  assert.deepEqual([issuerOf(certificate), namesIn(authority)], [second(), [first(), second()]])
})

test('makes an authority once, whoever asks first, and keeps its key sealed until it goes', async () => {
  await move(published!)
  const texts = await Promise.all([1, 2, 3].map(() => trustOf(ground, instanceId)))
  assert.equal(new Set(texts).size, 1)
  const authorities = await listInstanceAuthorities(ground.db, instanceId)
  assert.deepEqual(
    authorities.map(({ number }) => number),
    [1, 2],
  )
  for (const { sealedKey } of authorities) assert.doesNotMatch(sealedKey, /PRIVATE KEY/)
  await move(exchanged!)
  const [left, ...others] = await listInstanceAuthorities(ground.db, instanceId)
  assert.deepEqual([left?.number, others], [2, []])
})
