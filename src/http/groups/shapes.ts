import { z } from '@hono/zod-openapi'
import { hasOffsets, lagOf, totalLag, type ResetMove, type ResetTarget } from '../../domain/consumer-group.ts'
import { longestTopicName } from '../../domain/topic.ts'
import type { GroupReading, ListedGroup } from '../../services/groups/read-groups.ts'

/** Consumer groups on the wire. */
const fields = {
  groupId: z.string(),
  state: z.string().openapi({ description: 'As Kafka writes it: Stable, Empty, …' }),
  type: z.string().openapi({ description: 'classic, consumer (KIP-848), share or streams' }),
  coordinator: z.number().int().openapi({ description: 'Kafka id of the node that looks after it' }),
}

export const ListedGroupShape = z
  .object({
    ...fields,
    memberCount: z.number().int().nullable().openapi({ description: 'Null: not told' }),
    lag: z.number().int().nullable().openapi({ description: 'Records not yet read, in all; null: not told' }),
  })
  .openapi('ListedConsumerGroup')

export const listedGroupView = ({ members, ...group }: ListedGroup): z.input<typeof ListedGroupShape> => ({
  ...group,
  memberCount: members,
})

const place = { topic: z.string(), partition: z.number().int() }

const Member = z.object({
  memberId: z.string(),
  instanceId: z.string().nullable().openapi({ description: 'Of a static member' }),
  clientId: z.string(),
  host: z.string(),
  assignments: z.array(z.object({ topic: z.string(), partitions: z.array(z.number().int()) })),
})

const Offset = z.object({
  ...place,
  committedOffset: z.number().int().nullable(),
  startOffset: z.number().int().nullable().openapi({ description: 'Null: its leader does not tell' }),
  endOffset: z.number().int().nullable(),
  lag: z
    .number()
    .int()
    .nullable()
    .openapi({ description: 'Records not yet read; null: nothing was committed, or its leader does not tell' }),
  memberId: z.string().nullable().openapi({ description: 'Who reads it now' }),
})

export const GroupShape = z
  .object({
    ...fields,
    members: z.array(Member).nullable().openapi({ description: 'Null: not told, as of share and streams groups' }),
    offsets: z.array(Offset),
    lag: z
      .number()
      .int()
      .nullable()
      .openapi({ description: 'In all; null: not known, or a share group, which has none' }),
  })
  .openapi('ConsumerGroup')

export function groupView({ group, offsets }: GroupReading): z.input<typeof GroupShape> {
  const readerOf = (topic: string, partition: number) =>
    group.members?.find(({ assignments }) =>
      assignments.some((own) => own.topic === topic && own.partitions.includes(partition)),
    )?.memberId ?? null
  const list = offsets.map(({ topic, partition, committed, start, end }) => ({
    topic,
    partition,
    committedOffset: committed,
    startOffset: start,
    endOffset: end,
    lag: lagOf({ committed, start, end }),
    memberId: readerOf(topic, partition),
  }))
  return { ...group, offsets: list, lag: hasOffsets(group) ? totalLag(offsets) : null }
}

const offsetRule = 'An offset is a whole number from 0.'
const shiftRule = 'A shift is a whole number of records.'

const Target = z.discriminatedUnion(
  'to',
  [
    z.strictObject({ to: z.literal('earliest') }),
    z.strictObject({ to: z.literal('latest') }),
    z.strictObject({ to: z.literal('offset'), offset: z.int(offsetRule).min(0, offsetRule) }),
    z.strictObject({ to: z.literal('shift'), by: z.int(shiftRule) }),
    z.strictObject({
      to: z.literal('time'),
      at: z.iso
        .datetime({ offset: true, error: 'A moment is written as 2026-01-02T03:04:05Z.' })
        .refine(
          (at) => Date.parse(at) >= 0,
          'A moment is in 1970 or later: Kafka takes negative times for something else.',
        ),
    }),
  ],
  'A target is one of earliest, latest, offset, shift and time.',
)

const partitionRule = 'A partition is a whole number from 0.'
const mostPartitions = 1_024

export const Reset = z
  .strictObject(
    {
      target: Target,
      topic: z
        .string('The topic is a text.')
        .min(1, 'Name the topic, or leave the field out for all.')
        .max(longestTopicName, `A topic's name has at most ${longestTopicName} characters.`)
        .optional()
        .openapi({ description: 'Left out: all topics of the group' }),
      partitions: z
        .array(z.int(partitionRule).min(0, partitionRule), 'partitions is a list of whole numbers.')
        .min(1, 'Name a partition, or leave the field out for all.')
        .max(
          mostPartitions,
          `Name at most ${mostPartitions.toLocaleString('en')} partitions, or leave the field out for all.`,
        )
        .refine((list) => new Set(list).size === list.length, 'Name each partition once.')
        .optional()
        .openapi({ description: 'Of the topic; left out: all' }),
    },
    'The body is a JSON object.',
  )
  .refine(({ topic, partitions }) => !partitions || topic !== undefined, {
    path: ['topic'],
    message: 'Partitions are numbered in each topic anew: name the topic.',
  })
  .openapi('OffsetReset')

export const targetFrom = (target: z.output<typeof Target>): ResetTarget =>
  target.to === 'time' ? { to: 'time', at: new Date(target.at) } : target

const Move = z.object({
  ...place,
  from: z.number().int().nullable().openapi({ description: 'Null: nothing was committed' }),
  to: z.number().int(),
  lagBefore: z.number().int().nullable(),
  lagAfter: z.number().int(),
})

export const ResetShape = z
  .object({
    moves: z.array(Move),
    why: z.string().nullable().openapi({ description: 'Why it cannot be done now; null: it can, or is done' }),
  })
  .openapi('OffsetResetPlan')

export const resetView = (moves: ResetMove[], why: string | null): z.input<typeof ResetShape> => ({
  moves: moves.map((move) => {
    const { topic, partition, committed, target, lagAfter } = move
    return { topic, partition, from: committed, to: target, lagBefore: lagOf(move), lagAfter }
  }),
  why,
})
