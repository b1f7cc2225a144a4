/** Where a group of consumers stands in each partition, and where it is to stand instead. Offsets are of the next record. */
export type GroupOffset = {
  topic: string
  partition: number
  /** Null: the group has not committed any. */
  committed: number | null
  /** Of the first record that is still there, and of the next to come. Null: its leader does not tell. */
  start: number | null
  end: number | null
}

type Standing = Omit<GroupOffset, 'topic' | 'partition'>

/** Records not yet read; what has gone by its retention counts no more. Null: nothing was committed, or its leader does not tell. */
export function lagOf({ committed, start, end }: Standing): number | null {
  return committed === null || start === null || end === null ? null : Math.max(0, end - Math.max(committed, start))
}

/** Over all places where something was committed. Null: of one of them its leader does not tell. */
export function totalLag(places: Standing[]): number | null {
  const lags = places.filter(({ committed }) => committed !== null).map(lagOf)
  return lags.reduce((sum, lag) => (sum === null || lag === null ? null : sum + lag), 0)
}

/** A share group hands out records one by one, and has no offsets to be behind of. */
export const hasOffsets = ({ type }: { type: string }): boolean => type !== 'share'

/** `offset`: there; `shift`: so many on, or back when negative. `time` is looked up in Kafka, and comes here as `lookedUp`. */
export type ResetTarget =
  | { to: 'earliest' }
  | { to: 'latest' }
  | { to: 'time'; at: Date }
  | { to: 'offset'; offset: number }
  | { to: 'shift'; by: number }

export type ResetMove = GroupOffset & { start: number; end: number; target: number; lagAfter: number }

/** The partitions that it is about; all without a topic, all of the topic without partitions. */
export type ResetScope = { topic?: string | undefined; partitions?: number[] | undefined }

export const isInScope = ({ topic, partition }: { topic: string; partition: number }, scope: ResetScope): boolean =>
  (scope.topic === undefined || topic === scope.topic) &&
  (scope.partitions === undefined || scope.partitions.includes(partition))

type Place = GroupOffset & {
  /** The first record at or after the time that was asked for; null: there is none. Left out: its leader does not tell. */
  lookedUp?: number | null | undefined
}

type KnownPlace = Place & { start: number; end: number }

/** `moves`: where each goes. `untold`: of which too little is known; a guess could skip records that nobody has read. */
export type ResetMoves = { moves: ResetMove[]; untold: GroupOffset[] }

/** Nothing goes where no record is: what lies outside is moved to the nearest end. */
export function resetMoves(places: Place[], target: ResetTarget): ResetMoves {
  const isTold = (place: Place): place is KnownPlace =>
    place.start !== null && place.end !== null && (target.to !== 'time' || place.lookedUp !== undefined)
  const moves = places.filter(isTold).map((wanted) => {
    const { lookedUp: _at, ...place } = wanted
    const { start, end } = place
    const at = Math.min(end, Math.max(start, targetOf(wanted, target)))
    return { ...place, target: at, lagAfter: end - at }
  })
  return { moves, untold: places.filter((place) => !isTold(place)) }
}

function targetOf({ committed, start, end, lookedUp }: KnownPlace, target: ResetTarget): number {
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

/** Null members: Kafka tells of them in another way than of consumers, as of share and streams groups. */
type Readers = { groupId: string; type: string; members: readonly unknown[] | null }

/** Why offsets of a group of this kind are not moved from here, ever; nothing: they may be. */
export function whyNeverReset({ type, members }: Readers): string | undefined {
  if (members !== null) return undefined
  return `A ${type} group keeps its place in a way of its own, and is not reset here. Kafka's own tools do that.`
}

/** Kafka takes offsets from outside, and lets a group be deleted, only while nobody reads. Why not now; nothing: it may be done. */
export function whyInUse({ groupId, members }: Readers): string | undefined {
  // Where members are not known here, Kafka itself refuses.
  const count = members?.length ?? 0
  if (count === 0) return undefined
  const words = count === 1 ? '1 member reads' : `${count} members read`
  return `${words} in the group ${groupId} now. Stop them first: offsets are moved while nobody reads.`
}
