import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { AppError } from '../domain/errors.ts'
import { anchorUser } from '../domain/kafka-user.ts'
import { listUsers, putUser } from './users.ts'

/** A broker that answers what it is told to, by the number of the request, from 0. */
async function openBroker(answers: (request: number) => Buffer) {
  let count = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.unref()
    socket.on('data', (frame) => {
      const correlation = frame.subarray(8, 12)
      const body = Buffer.concat([correlation, noTags, answers(count++)])
      const length = Buffer.alloc(4)
      length.writeInt32BE(body.length)
      socket.write(Buffer.concat([length, body]))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    brokers: [{ kafkaId: 1, host: '127.0.0.1', port }],
    [Symbol.dispose]: () => void server.close(),
  }
}

/** As the protocol writes them; both answers begin with how long to hold back: not at all. */
const noTags = Buffer.from([0])
const atOnce = Buffer.alloc(4)
const nothing = Buffer.from([0])
const text = (words: string) => Buffer.from([words.length + 1, ...Buffer.from(words)])
const code = (number: number) => Buffer.from([0, number])
const described = (errorCode: number) =>
  Buffer.concat([atOnce, code(errorCode), text('not here'), Buffer.from([1]), noTags])
const altered = (errorCode: number) =>
  Buffer.concat([atOnce, Buffer.from([2]), text('svc'), code(errorCode), text('not now'), noTags, noTags])

const credential = (mechanism: number) => Buffer.from([mechanism, 0, 0, 16, 0, 0])
/** That the anchor is there, in both mechanisms, without a word of an error. */
const anchored = Buffer.concat([
  atOnce,
  code(0),
  nothing,
  Buffer.from([2]),
  text(anchorUser),
  code(0),
  nothing,
  Buffer.from([3]),
  credential(1),
  credential(2),
  noTags,
  noTags,
])

const user = { name: 'svc', password: 'a-password' }
const isRefused = (kind: string, expected: string, words: RegExp) => (error: unknown) =>
  error instanceof AppError && error.kind === kind && error.code === expected && words.test(error.message)

test('users that Kafka does not tell are not taken for none', async () => {
  using broker = await openBroker(() => described(31))
  await assert.rejects(listUsers(broker.brokers), isRefused('invalid', 'User.Refused', /not here/))
})

test('a password that only one mechanism takes is said to be half changed', async () => {
  using broker = await openBroker((request) => (request === 0 ? anchored : altered(request === 1 ? 0 : 41)))
  const isHalf = isRefused('unavailable', 'User.HalfChanged', /SCRAM-SHA-256 takes .* not now.* once more/)
  await assert.rejects(putUser(broker.brokers, user, randomBytes), isHalf)
})

test('a password that no mechanism takes is not', async () => {
  using broker = await openBroker((request) => (request === 0 ? anchored : altered(41)))
  await assert.rejects(putUser(broker.brokers, user, randomBytes), isRefused('unavailable', 'Kafka.NotNow', /not now/))
})
