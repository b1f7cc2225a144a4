/** Settings that make the node what it is. An Instance's own value for one of these is not used. */
const reservedKeys = new Set([
  'advertised.listeners',
  'allow.everyone.if.no.acl.found',
  'authorizer.class.name',
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
  'super.users',
])

const reservedPrefixes = [
  'controller.listener.',
  // Who may come, and over what: the Instance's security says it.
  'listener.name.',
  'ssl.',
  'sasl.',
  'controller.quorum.voters',
  'controller.quorum.bootstrap.',
  // How a change keeps clients fast while it moves replicas, and new ones off a node that goes.
  'leader.replication.throttled.',
  'follower.replication.throttled.',
  'cordoned.log.dirs',
]

/** Kafka's own word for such settings is the type `password`; their names say it. */
const secretName = /password|passphrase|secret|jaas|credential|certificate|\.key$/i

export const isSecretName = (key: string): boolean => secretName.test(key)

/** The settings as they may be kept beside the Instance: a value that may be a secret is not. */
export const withoutSecrets = <T extends { key: string; value: string }>(configs: T[]): T[] =>
  configs.map((config) => (isSecretName(config.key) ? { ...config, value: '(hidden)' } : config))

export function isReservedSetting(key: string): boolean {
  return reservedKeys.has(key) || reservedPrefixes.some((prefix) => key.startsWith(prefix))
}
