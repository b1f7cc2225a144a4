import type { GroupMember } from './resources.ts'

/**
 * What a member of a classic consumer group was given, as the client of the group's leader wrote it: `ConsumerProtocolAssignment`,
 * int16 version, then an array of topic and array of int32. What is not readable was not written by a consumer: no assignments.
 */
export function readAssignments(bytes: Buffer): GroupMember['assignments'] {
  try {
    let at = 2
    const int32 = () => bytes.readInt32BE((at += 4) - 4)
    const string = () => {
      const length = bytes.readInt16BE((at += 2) - 2)
      return bytes.toString('utf8', at, (at += length))
    }
    const several = <T>(read: () => T): T[] => {
      const count = int32()
      // Each takes at least four bytes: a count that cannot be is no assignment.
      if (count < 0 || count * 4 > bytes.length) throw new RangeError('not an assignment')
      return Array.from({ length: count }, read)
    }
    return several(() => ({ topic: string(), partitions: several(int32) }))
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}
