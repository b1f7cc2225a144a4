import { z } from 'zod'
import { sizeField, sizeOf, sizeProblems } from './capacity.ts'
import type { FieldProblem } from './errors.ts'
import type { Instance, InstanceTarget } from './instance.ts'
import { withoutSecrets } from './kafka-settings.ts'
import type { Node } from './node.ts'
import {
  recordedSecurity,
  sameSecurity,
  securityAfter,
  securityChangeProblems,
  SecurityWish,
} from './security-change.ts'
import { whyNotUpgrade, type VersionCatalogue } from './version.ts'

/**
 * A change of a running Instance: any of another size, another version, other settings, a restart, in one Operation with the
 * fewest restarts. What is absent stays as it is.
 */
const Setting = z.object({ key: z.string(), value: z.string() })

/** What was found to differ: taken over into the wish beside it, or, of what is named here, taken back. */
const DriftWish = z.discriminatedUnion('way', [
  z.object({ way: z.literal('adopt') }),
  z.object({
    way: z.literal('revert'),
    /** Nodes that do not run as they should; no others are restarted. */
    nodes: z.array(z.number().int()),
    /** Cluster-wide settings, by key. */
    settings: z.array(z.string()),
    /** Settings that one broker was given while it ran. */
    overrides: z.array(z.object({ kafkaId: z.number().int(), key: z.string() })),
    /** Brokers that nobody made here. */
    brokers: z.array(z.number().int()),
  }),
])

export const ChangeWish = z.object({
  version: z.string().optional(),
  /** Of these two the one that the Instance counts in. */
  reservedAku: z.number().optional(),
  reservedNodeCount: z.number().optional(),
  /** All of them: one that is missing goes back to Kafka's default. */
  instanceConfigs: z.array(Setting).optional(),
  restart: z.union([z.literal('all'), z.array(z.number().int())]).optional(),
  security: SecurityWish.optional(),
  /** Nodes whose own certificates come to their end: a restart brings new ones. */
  renew: z.array(z.number().int()).optional(),
  /** Whom nodes trust, and who signs for them, in the end. */
  authority: z.object({ oldest: z.number().int(), signing: z.number().int(), newest: z.number().int() }).optional(),
  drift: DriftWish.optional(),
})
export type ChangeWish = z.infer<typeof ChangeWish>

export const longestSoakSeconds = 7 * 86_400

/** How a person wants to go along with it. */
export const ChangeOptions = z.object({
  /** Whether an upgrade becomes final by itself after its soak, or waits for a person. */
  finalize: z.enum(['automatic', 'manual']).default('automatic'),
  soakSeconds: z.number().int().min(0).max(longestSoakSeconds).default(60),
  /** Stand still after the first node, or after each, until a person resumes. */
  pauseAfter: z.enum(['first', 'each']).optional(),
  /** This node comes last, and not before a person resumes. */
  holdNode: z.number().int().optional(),
  /** Go back to the old version when a node does not come back well in time, instead of stopping there. */
  rollBackOnFailure: z.boolean().default(false),
})
export type ChangeOptions = z.infer<typeof ChangeOptions>

export const ChangeInput = z.object({ wish: ChangeWish, options: ChangeOptions })
export type ChangeInput = z.infer<typeof ChangeInput>

/** What a change is called by what it changes. */
export const changeKinds = [
  'resize-instance',
  'upgrade-instance',
  'reconfigure-instance',
  'restart-instance',
  'secure-instance',
  'renew-certificates',
  'exchange-authority',
  'change-instance',
  'adopt-drift',
  'revert-drift',
] as const
export type ChangeKind = (typeof changeKinds)[number]

/** What must be allowed for it. Only these may bring back an Instance that cannot serve. */
export const actionOf = (kind: ChangeKind): 'mend' | 'change' =>
  kind === 'restart-instance' || kind === 'reconfigure-instance' ? 'mend' : 'change'

/** The Instance as it should be. */
export function targetOf({ version, spec, features }: InstanceTarget, wish: ChangeWish): InstanceTarget {
  const size = sizeField(spec)
  return {
    version: wish.version ?? version,
    spec: { ...spec, ...(wish[size] !== undefined && { [size]: wish[size] }) },
    features: {
      ...features,
      ...(wish.instanceConfigs && { instanceConfigs: wish.instanceConfigs }),
      ...(wish.security && securityIn(securityAfter(features.security, wish.security))),
    },
  }
}

const securityIn = (security: InstanceTarget['features']['security']) => (security ? { security } : {})

/** The kind of the Operation; null: the wish is what is there already. */
export function changeKindOf(instance: InstanceTarget, wish: ChangeWish): ChangeKind | null {
  if (wish.drift) return wish.drift.way === 'adopt' ? 'adopt-drift' : 'revert-drift'
  const target = targetOf(instance, wish)
  const kinds: ChangeKind[] = [
    ...(target.version === instance.version ? [] : ['upgrade-instance' as const]),
    ...(sizeOf(target.spec) === sizeOf(instance.spec) ? [] : ['resize-instance' as const]),
    ...(sameSettings(target.features, instance.features) ? [] : ['reconfigure-instance' as const]),
    ...(sameSecurity(target.features.security, instance.features.security) ? [] : ['secure-instance' as const]),
    ...(wish.restart ? ['restart-instance' as const] : []),
    ...(wish.renew ? ['renew-certificates' as const] : []),
    ...(wish.authority ? ['exchange-authority' as const] : []),
  ]
  return kinds.length > 1 ? 'change-instance' : (kinds[0] ?? null)
}

type Revert = Omit<Extract<z.infer<typeof DriftWish>, { way: 'revert' }>, 'way'>

/** What is to be taken back; nothing in any other change. */
export const revertOf = ({ drift }: ChangeWish): Revert =>
  drift?.way === 'revert' ? drift : { nodes: [], settings: [], overrides: [], brokers: [] }

/** Order says nothing. */
export function sameSettings(one: InstanceTarget['features'], other: InstanceTarget['features']): boolean {
  const words = ({ instanceConfigs = [] }: InstanceTarget['features']) =>
    instanceConfigs
      .map(({ key, value }) => JSON.stringify([key, value]))
      .toSorted()
      .join()
  return words(one) === words(other)
}

export type ChangeAsked = { instance: Instance; nodes: Node[]; catalogue: VersionCatalogue }

/** What is wrong with the wish, each with its field. Empty: nothing. */
export function changeProblems({ wish, options }: ChangeInput, asked: ChangeAsked): FieldProblem[] {
  const { instance, nodes, catalogue } = asked
  const wayProblem =
    wish.version === undefined || wish.version === instance.version
      ? null
      : whyNotUpgrade({ from: instance.version, to: wish.version }, catalogue)
  return [
    ...(wayProblem ? [{ path: 'version', message: wayProblem }] : []),
    ...sizeProblems(instance.spec, wish),
    ...(Array.isArray(wish.restart) ? unknownNodes('nodes', wish.restart, nodes) : []),
    ...(wish.security ? securityProblemsOf(instance, { security: wish.security, nodes }) : []),
    ...(wish.authority ? authorityProblems(nodes) : []),
    ...ownBrokers(revertOf(wish).brokers, nodes),
    ...(options.holdNode === undefined ? [] : unknownNodes('operation.holdNode', [options.holdNode], nodes)),
  ]
}

function securityProblemsOf(
  { features: { security: before } }: Instance,
  { security, nodes }: { security: SecurityWish; nodes: Node[] },
): FieldProblem[] {
  return securityChangeProblems({ before, after: securityAfter(before, security), nodes })
}

function authorityProblems(nodes: Node[]): FieldProblem[] {
  if (nodes.some(({ internalPort }) => internalPort !== null)) return []
  const message = 'The nodes of this Instance talk to each other in plain text, so it has no certificate authority.'
  return [{ path: 'until', message }]
}

/** As an Operation keeps it: nothing that may be a secret. */
export const recordedWish = (wish: ChangeWish): ChangeWish => ({
  ...wish,
  ...(wish.instanceConfigs && { instanceConfigs: withoutSecrets(wish.instanceConfigs) }),
  ...(wish.security && { security: recordedSecurity(wish.security) }),
})

function unknownNodes(path: string, wanted: number[], nodes: Node[]): FieldProblem[] {
  const known = nodes.map(({ kafkaId }) => kafkaId)
  const unknown = wanted.filter((kafkaId) => !known.includes(kafkaId))
  if (unknown.length === 0 && wanted.length > 0) return []
  const message =
    wanted.length === 0
      ? 'Name at least one node.'
      : `There is no node ${unknown.join(', ')} here; there are ${known.join(', ')}.`
  return [{ path, message }]
}

function ownBrokers(brokers: number[], nodes: Node[]): FieldProblem[] {
  const own = brokers.filter((id) => nodes.some(({ kafkaId }) => kafkaId === id))
  if (own.length === 0) return []
  return [{ path: 'items', message: `Node ${own.join(', ')} is the Instance's own: Reconfigure takes nodes away.` }]
}
