import {
  isInScope,
  resetMoves,
  whyInUse,
  whyNeverReset,
  type GroupOffset,
  type ResetMove,
  type ResetScope,
  type ResetTarget,
} from '../../domain/consumer-group.ts'
import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Actor } from '../../domain/permission.ts'
import { partitionKey } from '../../domain/topic.ts'
import type { ClusterResources } from '../../kafka/resources.ts'
import { changeInKafka } from '../cluster/change-in-kafka.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import type { Once, ServiceContext } from '../context.ts'
import { getGroup } from './read-groups.ts'

export type GroupRequest = { instanceId: InstanceId; groupId: string; actor: Actor; once?: Once | undefined }

export type ResetWish = { instanceId: InstanceId; groupId: string; target: ResetTarget; scope: ResetScope }

/** `why`: why it cannot be done now; null: it can. */
export type ResetPlan = { moves: ResetMove[]; why: string | null }

/** Where each partition would go. Changes nothing. */
export async function planReset(context: ServiceContext, wish: ResetWish): Promise<ResetPlan> {
  return await planOn(await openCluster(context, wish.instanceId), wish)
}

async function planOn(cluster: ClusterResources, { groupId, target, scope }: ResetWish): Promise<ResetPlan> {
  const { group, offsets } = await getGroup(cluster, groupId)
  const never = whyNeverReset(group)
  if (never) throw new AppError('invalid', 'Group.NeverReset', never)
  const places = offsets.filter((place) => isInScope(place, scope))
  if (places.length === 0) {
    throw new AppError('invalid', 'Group.NothingToReset', `The group ${groupId} has no offsets there.`)
  }
  const found = target.to === 'time' ? await cluster.offsetsAt(places, target.at) : undefined
  const { moves, untold } = resetMoves(
    places.map((place) => ({ ...place, lookedUp: found?.get(partitionKey(place)) })),
    target,
  )
  if (untold.length > 0) throw notTold(untold)
  return { moves, why: whyInUse(group) ?? null }
}

const mostNamed = 5

function notTold(places: GroupOffset[]): AppError {
  const names = places.slice(0, mostNamed).map(({ topic, partition }) => `${topic} ${partition}`)
  const more = places.length > mostNamed ? ` and ${places.length - mostNamed} more` : ''
  const message = `Kafka does not tell now what is in ${names.join(', ')}${more}. Nothing is moved by a guess: try again when their leaders answer, or name the other partitions.`
  return new AppError('unavailable', 'Group.OffsetsNotTold', message)
}

/** Throws `conflict` (`Group.InUse`) while members read. A repeat answers where the group stands now. */
export async function resetGroup(
  context: ServiceContext,
  { actor, once, ...wish }: ResetWish & GroupRequest,
): Promise<{ moves: ResetMove[]; isRepeat: boolean }> {
  const cluster = await openCluster(context, wish.instanceId)
  const { moves, why } = await planOn(cluster, wish)
  // A repeat comes when members read again, of course.
  if (why && !once) throw inUse(why)
  const offsets = moves.map(({ topic, partition, target }) => ({ topic, partition, offset: target }))
  const before = moves.map(({ topic, partition, committed }) => ({ topic, partition, offset: committed }))
  const change = {
    instanceId: wish.instanceId,
    actor,
    once,
    action: 'group.reset',
    subject: wish.groupId,
    before,
    after: offsets,
  }
  const { isRepeat } = await changeInKafka(context, change, async (isAgain) => {
    if (isAgain && wish.target.to === 'shift') throw shiftedPerhaps()
    if (why) throw inUse(why)
    await cluster.commitOffsets(wish.groupId, offsets)
  })
  return { moves, isRepeat }
}

const inUse = (why: string) => new AppError('conflict', 'Group.InUse', why)

/** All other targets are the same however often the group is moved there. */
const shiftedPerhaps = () =>
  new AppError(
    'conflict',
    'Group.ShiftedPerhaps',
    'Nobody knows whether the first request with this Idempotency-Key has shifted the group. Look where it stands, and reset it with a new key.',
  )

/** Gone already is success. Throws `conflict` (`Group.InUse`) while members read. */
export async function deleteGroup(
  context: ServiceContext,
  { instanceId, groupId, actor }: GroupRequest,
): Promise<void> {
  const cluster = await openCluster(context, instanceId)
  const group = await cluster.findGroup(groupId)
  if (!group) return
  const why = whyInUse(group)
  if (why) throw inUse(why)
  await changeInKafka(context, { instanceId, actor, action: 'group.delete', subject: groupId }, () =>
    cluster.deleteGroup(groupId),
  )
}
