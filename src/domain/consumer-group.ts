/** Where a group of consumers stands in each partition, and where it is to stand instead. Offsets are of the next record. */
export type GroupOffset = {
  topic: string
  partition: number
  /** Null: the group has not committed any. */
  committed: number | null
  /** Of the first record that is still there, and of the next to come. */
  start: number
  end: number
}

/** Records not yet read; what has gone by its retention counts no more. Null: nothing was committed. */
export function lagOf({ committed, start, end }: Omit<GroupOffset, 'topic' | 'partition'>): number | null {
  return committed === null ? null : Math.max(0, end - Math.max(committed, start))
}

/** `offset`: there; `shift`: so many on, or back when negative. `time` is looked up in Kafka, and comes here as `lookedUp`. */
export type ResetTarget =
  | { to: 'earliest' }
  | { to: 'latest' }
  | { to: 'time'; at: Date }
  | { to: 'offset'; offset: number }
  | { to: 'shift'; by: number }

export type ResetMove = GroupOffset & { target: number; lagAfter: number }

/** The partitions that it is about; all without a topic, all of the topic without partitions. */
export type ResetScope = { topic?: string | undefined; partitions?: number[] | undefined }

export const isInScope = ({ topic, partition }: { topic: string; partition: number }, scope: ResetScope): boolean =>
  (scope.topic === undefined || topic === scope.topic) &&
  (scope.partitions === undefined || scope.partitions.includes(partition))

type Place = GroupOffset & {
  /** The first record at or after the time that was asked for; null: there is none. */
  lookedUp?: number | null
}

/** Where each goes. Nothing goes where no record is: what lies outside is moved to the nearest end. */
export function resetMoves(places: Place[], target: ResetTarget): ResetMove[] {
  return places.map(({ lookedUp = null, ...place }) => {
    const { start, end } = place
    const wanted = { ...place, lookedUp }
    const at = Math.min(end, Math.max(start, targetOf(wanted, target)))
    return { ...place, target: at, lagAfter: end - at }
  })
}

function targetOf({ committed, start, end, lookedUp }: Place, target: ResetTarget): number {
  switch (target.to) {
    case 'earliest':
      return start
    case 'latest':
      return end
    case 'offset':
      return target.offset
    case 'shift':
      return (committed ?? start) + target.by
    case 'time':
      return lookedUp ?? end
  }
}

/** Kafka takes offsets from outside only while nobody reads. Why not now; nothing: it may be done. */
export function whyNotReset(groupId: string, memberCount: number): string | undefined {
  if (memberCount === 0) return undefined
  const members = memberCount === 1 ? '1 member reads' : `${memberCount} members read`
  return `${members} in the group ${groupId} now. Stop them first: offsets are moved while nobody reads.`
}
