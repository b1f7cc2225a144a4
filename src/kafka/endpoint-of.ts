import type { Node } from '../domain/node.ts'
import type { BrokerEndpoint } from './cluster.ts'

type Place = Pick<Node, 'instanceId' | 'kafkaId' | 'address' | 'port' | 'internalPort'>

/** Where Millrace itself speaks to a node: on the internal listener of a secured Instance, with certificates, and never on one that clients sign in at. */
export const endpointOf = ({ instanceId, kafkaId, address, port, internalPort }: Place): BrokerEndpoint => ({
  kafkaId,
  host: address,
  port: internalPort ?? port,
  ...(internalPort !== null && { securedBy: instanceId }),
})
