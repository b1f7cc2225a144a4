import type { PartitionState } from './observation.ts'

/**
 * Who should lead a partition is its first replica, the preferred leader. A node that leads its first partitions has yet to
 * compile what it needs for it, and their producers wait: so leaders go home a few at first, and then as many again as did.
 */

/** Led by another than their first replica, which is in sync and could. */
export const ledByAnother = (partitions: PartitionState[]): PartitionState[] =>
  partitions.filter(({ leader, replicas, inSync }) => leader !== replicas[0] && inSync.includes(replicas[0]!))

const atFirst = 4

/** `elected`: how many went home since all were there last. */
export const nextElected = <T>(due: T[], elected: number): T[] => due.slice(0, Math.max(atFirst, elected))

/**
 * Where replicas move, leaders go slower, for no roll waits for them and some go to nodes that never led: one at first, and later an
 * eighth as many as have gone. Each leader that changes has three nodes write with fsync, in the threads that serve all partitions.
 */
export const nextOfMoved = <T>(due: T[], elected: number): T[] => due.slice(0, Math.max(1, Math.floor(elected / 8)))
