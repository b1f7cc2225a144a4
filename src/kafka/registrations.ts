import { describeClusterV1, Writer, type Connection, type Reader } from '@platformatic/kafka'
import type { RegisteredBroker } from '../domain/drift-brokers.ts'
import { withAnyBroker } from './any-broker.ts'
import type { BrokerEndpoint } from './cluster.ts'

/**
 * Every broker that the cluster knows of, the dead ones too (KIP-1073, Kafka 4.0). An older Kafka tells only of those that
 * have a session; it ends the connection when it is asked for more.
 */
export async function registeredBrokers(brokers: BrokerEndpoint[]): Promise<RegisteredBroker[]> {
  try {
    return await withAnyBroker(brokers, describeAll)
  } catch {
    return await withAnyBroker(brokers, describeAlive)
  }
}

const apiKey = 60
const apiVersion = 2
const brokersOnly = 1

async function describeAlive(connection: Connection): Promise<RegisteredBroker[]> {
  const { brokers } = await describeClusterV1.api.async(connection, false, brokersOnly)
  return brokers.map(({ brokerId, host, port }) => ({ kafkaId: brokerId, host, port, isFenced: false }))
}

/** DescribeCluster, version 2: the client knows it up to version 1. */
const describeAll = (connection: Connection): Promise<RegisteredBroker[]> =>
  new Promise((resolve, reject) => {
    connection.send(
      apiKey,
      apiVersion,
      requestAll,
      (...told) => readAnswer(told[3]),
      true,
      true,
      (error, answer) => {
        if (error) reject(error)
        else resolve(answer!)
      },
    )
  })

const requestAll = () =>
  Writer.create().appendBoolean(false).appendInt8(brokersOnly).appendBoolean(true).appendTaggedFields()

function readAnswer(reader: Reader): RegisteredBroker[] {
  reader.readInt32() // throttle time
  const errorCode = reader.readInt16()
  reader.readNullableString() // error message
  reader.readInt8() // endpoint type
  reader.readString() // cluster id
  reader.readInt32() // controller id
  const brokers = reader.readArray((one) => {
    const [kafkaId, host, port] = [one.readInt32(), one.readString(), one.readInt32()]
    one.readNullableString() // rack
    return { kafkaId, host, port, isFenced: one.readBoolean() }
  })
  reader.readInt32() // authorized operations
  reader.readTaggedFields()
  if (errorCode !== 0) throw new Error(`DescribeCluster answered error ${errorCode}`)
  return brokers
}
