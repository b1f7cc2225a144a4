import type { SettingRange, SettingType } from './setting-catalogue.ts'

/**
 * What a topic can be given, in every Kafka version that is offered here, and what holds where nothing sets it. For choosing
 * before there is a topic; of one that is there Kafka itself tells. Kafka decides in the end: it may know more.
 */
export type TopicSettingDefinition = {
  key: string
  type: SettingType
  default: string
  range: SettingRange | null
  documentation: string
}

const longest = '9223372036854775807'
const atLeast = (least: number): SettingRange => ({ least })
const orForEver: SettingRange = { least: -1 }

type Line = [key: string, type: SettingType, otherwise: string, range: SettingRange | null, documentation: string]

const lines: Line[] = [
  [
    'cleanup.policy',
    'list',
    'delete',
    { oneOf: ['compact', 'delete'] },
    'What becomes of old records: deleted by age and size, or compacted to the newest of each key, or both.',
  ],
  [
    'compression.gzip.level',
    'int',
    '-1',
    { least: 1, most: 9, also: -1 },
    'How hard gzip works, where compression.type is gzip.',
  ],
  ['compression.lz4.level', 'int', '9', { least: 1, most: 17 }, 'How hard lz4 works, where compression.type is lz4.'],
  [
    'compression.type',
    'string',
    'producer',
    { oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'] },
    'How records are compressed on disk; producer keeps them as they were sent.',
  ],
  [
    'compression.zstd.level',
    'int',
    '3',
    { least: -131_072, most: 22 },
    'How hard zstd works, where compression.type is zstd.',
  ],
  [
    'delete.retention.ms',
    'long',
    '86400000',
    atLeast(0),
    'How long a compacted topic keeps the mark that a key was deleted.',
  ],
  ['file.delete.delay.ms', 'long', '60000', atLeast(0), 'How long a file stays on disk after it was deleted.'],
  [
    'flush.messages',
    'long',
    longest,
    atLeast(1),
    'After how many records the disk is told to write. Leave it to replication.',
  ],
  ['flush.ms', 'long', longest, atLeast(0), 'After how long the disk is told to write. Leave it to replication.'],
  ['index.interval.bytes', 'int', '4096', atLeast(0), 'How often a record is noted in the index.'],
  ['max.compaction.lag.ms', 'long', longest, atLeast(1), 'After how long a record is compacted at the latest.'],
  ['max.message.bytes', 'int', '1048588', atLeast(0), 'The largest batch of records that is taken, as compressed.'],
  [
    'message.timestamp.type',
    'string',
    'CreateTime',
    { oneOf: ['CreateTime', 'LogAppendTime'] },
    'Whether a record keeps its producer’s time or gets the time at which it arrived.',
  ],
  [
    'min.cleanable.dirty.ratio',
    'double',
    '0.5',
    { least: 0, most: 1 },
    'How much of a compacted topic may be old before it is compacted again.',
  ],
  ['min.compaction.lag.ms', 'long', '0', atLeast(0), 'How long a record is never compacted.'],
  [
    'min.insync.replicas',
    'int',
    '1',
    atLeast(1),
    'How many replicas must have a record before a producer that asks for all of them hears so.',
  ],
  ['preallocate', 'boolean', 'false', null, 'Whether a file takes its whole size at once.'],
  ['retention.bytes', 'long', '-1', orForEver, 'How much of each partition is kept; -1: no limit.'],
  ['retention.ms', 'long', '604800000', orForEver, 'How long records are kept; -1: for ever.'],
  [
    'segment.bytes',
    'int',
    '1073741824',
    atLeast(14),
    'How large a file of the log grows; whole files are deleted and compacted.',
  ],
  ['segment.index.bytes', 'int', '10485760', atLeast(4), 'How large the index of a file is.'],
  [
    'segment.jitter.ms',
    'long',
    '0',
    atLeast(0),
    'By how much files end apart from each other, so that not all end at once.',
  ],
  ['segment.ms', 'long', '604800000', atLeast(1), 'After how long a file of the log ends, even if it is not full.'],
  [
    'unclean.leader.election.enable',
    'boolean',
    'false',
    null,
    'Whether a replica that is behind may lead when no other is left. Records can be lost.',
  ],
]

export const topicSettings: readonly TopicSettingDefinition[] = lines.map(
  ([key, type, otherwise, range, documentation]) => ({ key, type, default: otherwise, range, documentation }),
)
