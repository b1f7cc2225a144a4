import { AppError, toAppError } from '../domain/errors.ts'
import { wait, type Outcome } from '../engine/outcome.ts'
import type { NodeSighting, NodeSpec } from '../providers/provider.ts'
import type { Op } from './world.ts'

/**
 * Starts nodes that are not running, each as soon as its own turn comes: one that stops again and again, or cannot be started,
 * is tried after a pause that grows from 1 s to 30 s, and keeps no other waiting.
 */
type Start = {
  /** How often it was started, and how often that was tried. */
  starts: number
  tries: number
  /** When that was last, and when it may be next; in milliseconds since 1970. */
  triedAt: number
  nextAt: number
  /** Why it could not be started at the last try, in a sentence that names it; null: it was. */
  trouble: string | null
}

const longestPauseMs = 30_000

const startsOf = (op: Op): Record<string, Start> => (op.notes.starts as Record<string, Start> | undefined) ?? {}

const noStart: Start = { starts: 0, tries: 0, triedAt: 0, nextAt: 0, trouble: null }

export const startOf = (op: Op, kafkaId: number): Start => startsOf(op)[kafkaId] ?? noStart

/** What is known of their starts is forgotten: the next one that stops is started at once. */
export const forgetStarts = (op: Op): void => op.remember({ starts: {} })

/** The node is not started before then, for this reason. */
export function holdStart(op: Op, kafkaId: number, { until, why }: { until: number; why: string }): void {
  const held: Start = { ...startOf(op, kafkaId), nextAt: until, trouble: why }
  op.remember({ starts: { ...startsOf(op), [kafkaId]: held } })
}

/** Starts those whose turn it is. What keeps one from starting is remembered; any other error is thrown when all were tried. */
export async function startDue(op: Op, specs: NodeSpec[]): Promise<void> {
  const now = op.now().getTime()
  const due = specs.filter(({ kafkaId }) => now >= startOf(op, kafkaId).nextAt)
  const errors = await Promise.all(due.map((spec) => tryStart(op, spec)))
  const tried = due.map(({ kafkaId }, index) => {
    return [kafkaId, afterTry(startOf(op, kafkaId), { kafkaId, now, error: errors[index] })] as const
  })
  op.remember({ starts: { ...startsOf(op), ...Object.fromEntries(tried) } })
  const unexpected = errors.find((error) => error && error.kind !== 'unavailable')
  if (unexpected) throw unexpected
}

const tryStart = (op: Op, spec: NodeSpec): Promise<AppError | undefined> =>
  op.world.provider.ensureNode(spec, op.fence).then(() => undefined, toAppError)

type Tried = { kafkaId: number; now: number; error: AppError | undefined }

const afterTry = ({ starts, tries }: Start, { kafkaId, now, error }: Tried): Start => ({
  starts: error ? starts : starts + 1,
  tries: tries + 1,
  triedAt: now,
  nextAt: now + Math.min(longestPauseMs, 1000 * 2 ** tries),
  trouble: error ? `${error.code === 'Node.Lost' ? '' : `Node ${kafkaId} cannot be started: `}${error.message}` : null,
})

const isTroubled = (op: Op, kafkaId: number): boolean => startOf(op, kafkaId).trouble !== null

/** Why these nodes are not running, and when to look again. */
export function waitForStart(op: Op, kafkaIds: number[], sightings: NodeSighting[]): Outcome<never> {
  const troubled = kafkaIds.filter((kafkaId) => isTroubled(op, kafkaId))
  const others = kafkaIds.filter((kafkaId) => !isTroubled(op, kafkaId))
  const reason = sightings.find(({ kafkaId }) => kafkaId === others[0])?.reason
  const words = [
    ...troubled.map((kafkaId) => `${startOf(op, kafkaId).trouble} It is tried again by itself.`),
    ...(others.length === 0 ? [] : [`${stoppedWords(others, reason)} Starting it again.`]),
  ]
  const now = op.now().getTime()
  const isJustStarted = others.some((kafkaId) => startOf(op, kafkaId).triedAt === now)
  const untilNext = (Math.min(...kafkaIds.map((kafkaId) => startOf(op, kafkaId).nextAt)) - now) / 1000
  // Whatever one of them waits for, another node may stop meanwhile.
  return wait(isJustStarted ? 0.3 : Math.min(mostBetweenLooks, Math.max(0.1, untilNext)), words.join(' '))
}

const mostBetweenLooks = 2

export const stoppedWords = (kafkaIds: number[], reason: string | null | undefined): string =>
  `Node ${kafkaIds.join(', ')} has stopped${reason ? `: ${reason}` : '.'}`
