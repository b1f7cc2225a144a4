import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { BrokerEndpoint } from '../../src/kafka/cluster.ts'
import { compactArray, compactString, int16, int32, int64, int8, noTaggedFields } from '../../src/kafka/wire.ts'

/**
 * A broker of Kafka's protocol that says what a test tells it to, or loses the connection instead of an answer, as a broker that
 * is stopped does. By the key of the request.
 */
export type Script = Partial<Record<number, (body: Buffer) => Buffer | 'hang-up'>>

export const apiKeys = {
  listOffsets: 2,
  metadata: 3,
  listGroups: 16,
  createTopics: 19,
  deleteTopics: 20,
  configs: 32,
  logDirs: 35,
  createPartitions: 37,
}

export type ScriptedBroker = BrokerEndpoint & AsyncDisposable

export async function makeScriptedBroker(kafkaId: number, script: Script): Promise<ScriptedBroker> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    let waiting = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk])
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE()) {
        const end = 4 + waiting.readInt32BE()
        answer(socket, waiting.subarray(4, end), script)
        waiting = waiting.subarray(end)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    kafkaId,
    host: '127.0.0.1',
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Of its head: key, version, id, name of the client, no tagged fields. */
function answer(socket: Socket, request: Buffer, script: Script): void {
  const key = request.readInt16BE(0)
  const headLength = 8 + 2 + Math.max(0, request.readInt16BE(8)) + 1
  const body = script[key]?.(request.subarray(headLength)) ?? 'hang-up'
  if (body === 'hang-up') return void socket.destroy()
  const message = Buffer.concat([request.subarray(4, 8), noTaggedFields, body])
  socket.write(Buffer.concat([int32(message.length), message]))
}

const notThrottled = int32(0)
const uuid = (id: string) => Buffer.from(id, 'base64url')
const none = Buffer.from([0])
const structure = (...fields: Buffer[]) => Buffer.concat([...fields, noTaggedFields])

export type ToldTopic = { name: string; id: string; leaders: number[]; replicas: number[]; error?: number }

/** Metadata version 12. */
export const metadata = (topics: ToldTopic[]): Buffer =>
  structure(
    notThrottled,
    compactArray([]),
    none,
    int32(1),
    compactArray(
      topics.map(({ name, id, leaders, replicas, error = 0 }) => {
        const ids = compactArray(replicas.map(int32))
        const partitions = leaders.map((leader, index) =>
          structure(int16(0), int32(index), int32(leader), int32(0), ids, ids, compactArray([])),
        )
        return structure(int16(error), compactString(name), uuid(id), int8(0), compactArray(partitions), int32(0))
      }),
    ),
  )

/** ListOffsets version 8, of one topic. */
export const listOffsets = (topic: string, offsets: [partition: number, offset: number, error?: number][]): Buffer =>
  structure(
    notThrottled,
    compactArray([
      structure(
        compactString(topic),
        compactArray(
          offsets.map(([partition, offset, error = 0]) =>
            structure(int32(partition), int16(error), int64(-1), int64(offset), int32(0)),
          ),
        ),
      ),
    ]),
  )

/** CreateTopics version 7. */
export const createdTopic = ({ name, id, error = 0 }: { name: string; id: string; error?: number }): Buffer =>
  structure(
    notThrottled,
    compactArray([structure(compactString(name), uuid(id), int16(error), none, int32(1), int16(1), compactArray([]))]),
  )

/** CreatePartitions version 3. */
export const grownTopic = (name: string, error = 0): Buffer =>
  structure(notThrottled, compactArray([structure(compactString(name), int16(error), none)]))

/** DeleteTopics version 6. */
export const deletedTopic = (id: string, error = 0): Buffer =>
  structure(notThrottled, compactArray([structure(none, uuid(id), int16(error), none)]))

/** DescribeConfigs version 4, of a topic: what was set for it. */
export const topicConfigs = (name: string, configs: Record<string, string>): Buffer => {
  const [setForTheTopic, aText] = [int8(1), int8(2)]
  const entries = Object.entries(configs).map(([key, value]) =>
    structure(
      compactString(key),
      compactString(value),
      int8(0),
      setForTheTopic,
      int8(0),
      compactArray([]),
      aText,
      none,
    ),
  )
  return structure(
    notThrottled,
    compactArray([structure(int16(0), none, int8(2), compactString(name), compactArray(entries))]),
  )
}

/** DescribeLogDirs version 4, of one folder. */
export const logDirs = (topic: string, sizes: number[]): Buffer => {
  const partitions = sizes.map((size, index) => structure(int32(index), int64(size), int64(0), int8(0)))
  const topics = compactArray([structure(compactString(topic), compactArray(partitions))])
  return structure(
    notThrottled,
    int16(0),
    compactArray([structure(int16(0), compactString('/data'), topics, int64(0), int64(0))]),
  )
}

/** ListGroups version 5. */
export const listedGroups = (groups: { groupId: string; type: string }[], error = 0): Buffer =>
  structure(
    notThrottled,
    int16(error),
    compactArray(
      groups.map(({ groupId, type }) =>
        structure(compactString(groupId), compactString('consumer'), compactString('Empty'), compactString(type)),
      ),
    ),
  )
