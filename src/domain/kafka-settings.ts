/** Settings that make the node what it is. An Instance's own value for one of these is not used. */
const reservedKeys = new Set([
  'advertised.listeners',
  'broker.id',
  'broker.rack',
  'inter.broker.listener.name',
  'listener.security.protocol.map',
  'listeners',
  'log.dir',
  'log.dirs',
  'metadata.log.dir',
  'node.id',
  'process.roles',
  'security.inter.broker.protocol',
])

const reservedPrefixes = ['controller.listener.', 'controller.quorum.voters', 'controller.quorum.bootstrap.']

export function isReservedSetting(key: string): boolean {
  return reservedKeys.has(key) || reservedPrefixes.some((prefix) => key.startsWith(prefix))
}
