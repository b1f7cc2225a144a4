import { alterUserScramCredentialsV0, describeUserScramCredentialsV0 } from '@platformatic/kafka'
import type { Connection } from '@platformatic/kafka'
import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { anchorUser, halfChanged, type ScramMechanism } from '../domain/kafka-user.ts'
import { refuse, withAnyBroker } from './any-broker.ts'
import { responseOf } from './broker-connection.ts'
import type { BrokerEndpoint } from './cluster.ts'
import type { KafkaUser } from './resources.ts'
import { seenByAll } from './seen-by-all.ts'

/** SCRAM credentials, which Kafka keeps in its metadata. A password never leaves this process: Kafka is sent what is made of it. */
const mechanisms: Record<ScramMechanism, { code: 1 | 2; hash: string; bytes: number }> = {
  'SCRAM-SHA-256': { code: 1, hash: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { code: 2, hash: 'sha512', bytes: 64 },
}
const names = Object.keys(mechanisms) as ScramMechanism[]

/** Kafka's own, and the least of RFC 7677: every client pays it at every sign-in. */
const iterations = 4096
const saltBytes = 32

const notThere = 91

export async function listUsers(brokers: BrokerEndpoint[]): Promise<KafkaUser[]> {
  const results = await withAnyBroker(brokers, (connection) => describe(connection, null))
  return results
    .filter(({ errorCode, user }) => errorCode === 0 && user !== anchorUser)
    .map(({ user, credentialInfos }) => ({
      name: user,
      mechanisms: names.filter((name) => credentialInfos.some(({ mechanism }) => mechanism === mechanisms[name].code)),
    }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

async function describe(connection: Connection, wanted: { name: string }[] | null) {
  const asked = describeUserScramCredentialsV0.api.async(connection, wanted)
  const answer = await asked.catch(
    (error: unknown) => responseOf(error) as describeUserScramCredentialsV0.DescribeUserScramCredentialsResponse,
  )
  // The list is empty then too, and nobody may take that for a Kafka without users.
  if (answer.errorCode !== 0) throw refuse('tell its users', 'User.Refused', answer)
  return answer.results
}

type Credentials = { name: string; password: string }

export async function putUser(
  brokers: BrokerEndpoint[],
  { name, password }: Credentials,
  random: (bytes: number) => Uint8Array,
): Promise<void> {
  const upsertions = await Promise.all(
    names.map(async (mechanism) => {
      const { code, hash, bytes } = mechanisms[mechanism]
      const salt = Buffer.from(random(saltBytes))
      const saltedPassword = await derive(password, salt, iterations, bytes, hash)
      return { name, mechanism: code, iterations, salt, saltedPassword }
    }),
  )
  await keepAnchor(brokers, random)
  // One at a time: Kafka takes no two changes of a user in one request.
  const [first, ...others] = upsertions
  await alter(brokers, [], [first!])
  try {
    for (const upsertion of others) await alter(brokers, [], [upsertion])
    await seenByAll(brokers, async (connection) => (await countOf(connection, name)) === names.length)
  } catch (cause) {
    throw halfChanged(`${names[0]} takes the new password of "${name}" already, the others perhaps not`, cause)
  }
}

/**
 * A broker that starts, 3.9.2 to 4.3.1 at least, loses all users of a mechanism where one who was deleted comes first in the
 * order of its hash map: `ScramDelta.apply` drops the map that it goes on filling once that is empty. Java's hash of the anchor's
 * name is 0, so it comes first; made before all others and never deleted, it keeps the map from being empty. Its key is random,
 * of no password.
 */
async function keepAnchor(brokers: BrokerEndpoint[], random: (bytes: number) => Uint8Array): Promise<void> {
  const isThere = await withAnyBroker(brokers, async (connection) => {
    return (await countOf(connection, anchorUser)) === names.length
  })
  if (isThere) return
  for (const { code, bytes } of Object.values(mechanisms)) {
    const [salt, saltedPassword] = [Buffer.from(random(saltBytes)), Buffer.from(random(bytes))]
    await alter(brokers, [], [{ name: anchorUser, mechanism: code, iterations, salt, saltedPassword }])
  }
}

const derive = promisify(pbkdf2)

export async function deleteUser(brokers: BrokerEndpoint[], name: string): Promise<void> {
  const deletions = names.map((mechanism) => ({ name, mechanism: mechanisms[mechanism].code }))
  for (const deletion of deletions) await alter(brokers, [deletion], [])
  await seenByAll(brokers, async (connection) => (await countOf(connection, name)) === 0)
}

async function countOf(connection: Connection, name: string): Promise<number> {
  const results = await describe(connection, [{ name }])
  return results.flatMap(({ credentialInfos }) => credentialInfos).length
}

async function alter(
  brokers: BrokerEndpoint[],
  deletions: alterUserScramCredentialsV0.AlterUserScramCredentialsRequestDeletions[],
  upsertions: alterUserScramCredentialsV0.AlterUserScramCredentialsRequestUpsertions[],
): Promise<void> {
  const { results } = await withAnyBroker(brokers, (connection) =>
    alterUserScramCredentialsV0.api
      .async(connection, deletions, upsertions)
      .catch((error: unknown) => responseOf(error) as alterUserScramCredentialsV0.AlterUserScramCredentialsResponse),
  )
  const refused = results.find(({ errorCode }) => errorCode !== 0 && errorCode !== notThere)
  if (refused) throw refuse(`change the user ${refused.user}`, 'User.Refused', refused)
}
