import type { PartitionState } from './observation.ts'

/**
 * Who should lead a partition is its first replica, the preferred leader. A node that leads its first partitions has yet to
 * compile what it needs for it, and their producers wait: so leaders go home a few at first, and then as many again as did.
 */

/** Led by another than their first replica, which is in sync and could. */
export const ledByAnother = (partitions: PartitionState[]): PartitionState[] =>
  partitions.filter(({ leader, replicas, inSync }) => leader !== replicas[0] && inSync.includes(replicas[0]!))

/** Which of those that are due change next. `elected`: how many did since none was due last. */
export type Pace = <T>(due: T[], elected: number) => T[]

/** While a roll waits for it. */
export const nextBriskly: Pace = (due, elected) => due.slice(0, Math.max(8, elected))

/**
 * Where nothing waits for it, leaders go slower: one at first, and later an eighth as many as have gone. Each leader that changes has
 * three nodes write with fsync, in the threads that serve all partitions.
 */
export const nextGently: Pace = (due, elected) => due.slice(0, Math.max(1, Math.floor(elected / 8)))

/** From one such change to the next. Each second, 33 of them kept two cores busy that were a third idle before. */
export const secondsBetweenGentle = 3
