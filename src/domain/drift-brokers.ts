import { no, yes, type DriftItem } from './drift.ts'
import type { ProcessSeen } from './drift-nodes.ts'
import type { Answer } from './instance.ts'

/** A broker that the cluster knows of. One that is fenced has no session: it is dead, or just starting. */
export type RegisteredBroker = { kafkaId: number; host: string; port: number; isFenced: boolean }

export type MembersSeen = {
  registered: RegisteredBroker[]
  voters: number[]
  /** How many replicas are on each broker, by its id. */
  replicas: ReadonlyMap<number, number>
}

export type BrokerDriftEvidence = {
  /** The Kafka ids of the Instance's nodes. */
  own: number[]
  sightings: ProcessSeen[]
  /** Null: no broker answers. */
  members: MembersSeen | null
}

/**
 * Brokers in the cluster, and processes of the Instance where its nodes live, that are none of its nodes. Only what is proven
 * to hold nothing can be taken away, and only where Millrace can end it or it has ended already.
 */
export function brokerDrift({ own, sightings, members }: BrokerDriftEvidence): DriftItem[] {
  const known = [
    ...sightings.map(({ kafkaId }) => kafkaId),
    ...(members?.registered ?? []).map(({ kafkaId }) => kafkaId),
    ...(members?.replicas.keys() ?? []),
  ]
  const strangers = [...new Set(known)].filter((id) => !own.includes(id)).toSorted((a, b) => a - b)
  return strangers.map((kafkaId) => itemFor(strangerIn(kafkaId, sightings, members)))
}

type Stranger = {
  kafkaId: number
  seen: ProcessSeen | undefined
  registered: RegisteredBroker | undefined
  isVoter: boolean
  replicas: number
  /** Whether the cluster could be asked. */
  isTold: boolean
}

const strangerIn = (kafkaId: number, sightings: ProcessSeen[], members: MembersSeen | null): Stranger => ({
  kafkaId,
  seen: sightings.find((one) => one.kafkaId === kafkaId),
  registered: members?.registered.find((one) => one.kafkaId === kafkaId),
  isVoter: members?.voters.includes(kafkaId) ?? false,
  replicas: members?.replicas.get(kafkaId) ?? 0,
  isTold: members !== null,
})

function itemFor(stranger: Stranger): DriftItem {
  const kind = stranger.seen ? ('unknown-process' as const) : ('foreign-broker' as const)
  return {
    id: `${kind}:${stranger.kafkaId}`,
    kind,
    kafkaId: stranger.kafkaId,
    key: null,
    is: wordsFor(stranger),
    shouldBe: null,
    isSecret: false,
    adopt: no('Millrace cannot run a broker that it did not make. Add a node of its own, then take this one away.'),
    revert: mayTakeAway(stranger),
  }
}

function wordsFor({ seen, registered, replicas }: Stranger): string {
  const process =
    seen && `${seen.process} ${seen.process === 'running' ? 'process' : 'node'} of Kafka ${seen.version ?? ''}`.trim()
  const place =
    registered && `${registered.isFenced ? 'dead' : 'alive'} broker at ${registered.host}:${registered.port}`
  const held = replicas > 0 ? `${replicas} replicas assigned` : undefined
  return [process, place, held].filter((words) => words !== undefined).join(', ')
}

function mayTakeAway({ kafkaId, seen, registered, isVoter, replicas, isTold }: Stranger): Answer {
  if (!isTold) return no('The cluster does not answer now, so nothing proves that this broker holds no data.')
  if (isVoter) {
    return no(
      `Node ${kafkaId} is a voter of the controller quorum. Take its vote away first: kafka-metadata-quorum.sh.`,
    )
  }
  if (replicas > 0) {
    return no(`${replicas} replicas are assigned to it. Move them to other nodes first: kafka-reassign-partitions.sh.`)
  }
  const isAlive = registered?.isFenced === false
  if (!isAlive || seen?.process === 'running') return yes
  return no(`It is alive at ${registered.host}:${registered.port}, where Millrace cannot stop it. Stop it there first.`)
}
