import { AppError, type FieldProblem } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import {
  halfChanged,
  passwordFrom,
  undoneCause,
  userNameProblem,
  userPasswordProblem,
} from '../../domain/kafka-user.ts'
import type { Actor } from '../../domain/permission.ts'
import { verifierOf } from '../../kafka/plain-verifiers.ts'
import type { ClusterResources } from '../../kafka/resources.ts'
import { deletePlainVerifier, listPlainUsers } from '../../store/plain-verifiers.ts'
import { claimUser, releaseUser } from '../../store/user-claims.ts'
import { changeInKafka, longestDeedMs } from '../cluster/change-in-kafka.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import type { Once, ServiceContext } from '../context.ts'
import { signInMechanisms } from '../security/sign-in-mechanisms.ts'
import { keepVerifier } from '../security/verifiers.ts'
import type { KafkaUser } from './read-users.ts'

/**
 * Users of an Instance's Kafka. No password is kept anywhere: one that Millrace makes is answered once. Kafka keeps what SCRAM
 * needs of it; what PLAIN is checked by lies here, sealed, and on the nodes.
 */
export type UserRequest = { instanceId: InstanceId; name: string; actor: Actor; once?: Once | undefined }

/** Without a password, one is made. */
export type UserWish = UserRequest & { password?: string | undefined }

/** `password`: only one that was made here, and for the first request alone. */
export type PutUser = { user: KafkaUser; password: string | null; isRepeat: boolean }

/** Throws `conflict` (`User.NameTaken`). */
export async function createUser(context: ServiceContext, wish: UserWish): Promise<PutUser> {
  refuse([
    ['name', userNameProblem(wish.name)],
    ['password', wish.password === undefined ? undefined : userPasswordProblem(wish.password)],
  ])
  return await alone(context, wish, async (cluster) => {
    const isThere = await isKnown(cluster, wish.name)
    // A repeat finds what the first request has made.
    if (isThere && !wish.once) throw taken(wish.name)
    return await put(context, wish, { cluster, action: 'user.create', isThere })
  })
}

const isKnown = async (cluster: ClusterResources, wanted: string): Promise<boolean> =>
  (await cluster.listUsers()).some(({ name }) => name === wanted)

const taken = (name: string) => new AppError('conflict', 'User.NameTaken', `There is a user named "${name}" already.`)

/** Another password from now on; connections that stand go on. Throws `not-found` (`User.NotFound`). */
export async function rotatePassword(context: ServiceContext, wish: UserWish): Promise<PutUser> {
  refuse([['password', wish.password === undefined ? undefined : userPasswordProblem(wish.password)]])
  return await alone(context, wish, async (cluster) => {
    const isThere = await isKnown(cluster, wish.name)
    if (!isThere) throw new AppError('not-found', 'User.NotFound', `There is no user named "${wish.name}".`)
    return await put(context, wish, { cluster, action: 'user.rotate-password', isThere })
  })
}

type Put = { cluster: ClusterResources; action: 'user.create' | 'user.rotate-password'; isThere: boolean }

async function put(
  context: ServiceContext,
  { instanceId, name, actor, once, password: given }: UserWish,
  { cluster, action, isThere }: Put,
): Promise<PutUser> {
  const password = given ?? passwordFrom(context.random(32))
  const setting = { cluster, instanceId, name, password }
  const change = { instanceId, actor, once, action, subject: name }
  const { isRepeat } = await changeInKafka(context, change, async (isAgain) => {
    if (!isThere) return await setFirstPassword(context, setting)
    // What the first request made before it was lost is given its password anew.
    if (action === 'user.create' && !isAgain) throw taken(name)
    await setNextPassword(context, setting)
  })
  const shown = given === undefined && !isRepeat ? password : null
  return { user: { name, mechanisms: await signInMechanisms(context, instanceId) }, password: shown, isRepeat }
}

type Setting = { cluster: ClusterResources; instanceId: InstanceId; name: string; password: string }

/** All or nothing, so that whoever repeats it finds the name free. */
async function setFirstPassword(context: ServiceContext, setting: Setting): Promise<void> {
  const { cluster, instanceId, name } = setting
  try {
    await cluster.putUser(setting, context.random)
    await setPlain(context, setting)
  } catch (thrown) {
    await Promise.allSettled([cluster.deleteUser(name), deletePlainVerifier(context.db, instanceId, name)])
    await context.renewVerifiers(instanceId).catch(() => {})
    throw undoneCause(thrown)
  }
}

async function setNextPassword(context: ServiceContext, setting: Setting): Promise<void> {
  await setting.cluster.putUser(setting, context.random)
  try {
    await setPlain(context, setting)
  } catch (cause) {
    throw halfChanged(`SCRAM takes the new password of "${setting.name}" already, PLAIN not on every node`, cause)
  }
}

async function setPlain(context: ServiceContext, { instanceId, ...user }: Setting): Promise<void> {
  await keepVerifier(context, instanceId, await verifierOf(user, context.random))
  await context.renewVerifiers(instanceId)
}

/** Gone already is success. Access rules of the user stay: they are of the name, and hold when it comes back. */
export async function deleteUser(context: ServiceContext, { instanceId, name, actor }: UserRequest): Promise<void> {
  await alone(context, { instanceId, name }, async (cluster) => {
    // Kafka's own tools, and a deletion that was cut short, leave one to PLAIN whom Kafka does not know.
    const isThere = (await isKnown(cluster, name)) || (await listPlainUsers(context.db, instanceId)).includes(name)
    if (!isThere) return
    await changeInKafka(context, { instanceId, actor, action: 'user.delete', subject: name }, async () => {
      await deletePlainVerifier(context.db, instanceId, name)
      await context.renewVerifiers(instanceId)
      await cluster.deleteUser(name)
    })
  })
}

/**
 * One at a time looks at a user and changes it: of two who create it at once, the one who came second would else have its password
 * taken for good, or deleted with what the first could not finish. Throws `conflict` (`User.UnderWay`).
 */
async function alone<T>(
  context: ServiceContext,
  user: Pick<UserRequest, 'instanceId' | 'name'>,
  deed: (cluster: ClusterResources) => Promise<T>,
): Promise<T> {
  const cluster = await openCluster(context, user.instanceId)
  const now = context.now()
  const claim = await claimUser(context.db, user, { now, until: new Date(now.getTime() + longestDeedMs) })
  if (!claim) {
    const message = `Somebody else changes the user "${user.name}" just now. Look again in a minute.`
    throw new AppError('conflict', 'User.UnderWay', message)
  }
  try {
    return await deed(cluster)
  } finally {
    await releaseUser(context.db, claim)
  }
}

function refuse(problems: [string, string | undefined][]): void {
  const fields: FieldProblem[] = problems.flatMap(([path, message]) => (message ? [{ path, message }] : []))
  if (fields[0]) throw new AppError('invalid', 'User.Invalid', fields[0].message, { fields })
}
