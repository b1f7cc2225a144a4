import { AppError, type FieldProblem } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import { passwordFrom, userMechanisms, userNameProblem, userPasswordProblem } from '../../domain/kafka-user.ts'
import type { Actor } from '../../domain/permission.ts'
import { changeInKafka } from '../cluster/change-in-kafka.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import type { Once, ServiceContext } from '../context.ts'
import type { KafkaUser } from './read-users.ts'

/** Users of an Instance's Kafka. No password is kept anywhere here: one that Millrace makes is answered once. */
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
  const cluster = await openCluster(context, wish.instanceId)
  const isThere = (await cluster.listUsers()).some(({ name }) => name === wish.name)
  // A repeat finds what the first request has made.
  if (isThere && !wish.once) throw taken(wish.name)
  return await put(context, wish, { action: 'user.create', isTaken: isThere })
}

const taken = (name: string) => new AppError('conflict', 'User.NameTaken', `There is a user named "${name}" already.`)

/** Another password from now on; connections that stand go on. Throws `not-found` (`User.NotFound`). */
export async function rotatePassword(context: ServiceContext, wish: UserWish): Promise<PutUser> {
  refuse([['password', wish.password === undefined ? undefined : userPasswordProblem(wish.password)]])
  const cluster = await openCluster(context, wish.instanceId)
  const isThere = (await cluster.listUsers()).some(({ name }) => name === wish.name)
  if (!isThere) throw new AppError('not-found', 'User.NotFound', `There is no user named "${wish.name}".`)
  return await put(context, wish, { action: 'user.rotate-password', isTaken: false })
}

async function put(
  context: ServiceContext,
  { instanceId, name, actor, once, password: given }: UserWish,
  { action, isTaken }: { action: string; isTaken: boolean },
): Promise<PutUser> {
  const cluster = await openCluster(context, instanceId)
  const password = given ?? passwordFrom(context.random(32))
  const { isRepeat } = await changeInKafka(context, { instanceId, actor, once, action, subject: name }, async () => {
    if (isTaken) throw taken(name)
    await cluster.putUser({ name, password }, context.random)
  })
  const shown = given === undefined && !isRepeat ? password : null
  return { user: { name, mechanisms: [...userMechanisms] }, password: shown, isRepeat }
}

/** Gone already is success. Access rules of the user stay: they are of the name, and hold when it comes back. */
export async function deleteUser(context: ServiceContext, { instanceId, name, actor }: UserRequest): Promise<void> {
  const cluster = await openCluster(context, instanceId)
  if (!(await cluster.listUsers()).some((user) => user.name === name)) return
  const change = { instanceId, actor, action: 'user.delete', subject: name }
  await changeInKafka(context, change, () => cluster.deleteUser(name))
}

function refuse(problems: [string, string | undefined][]): void {
  const fields: FieldProblem[] = problems.flatMap(([path, message]) => (message ? [{ path, message }] : []))
  if (fields[0]) throw new AppError('invalid', 'User.Invalid', fields[0].message, { fields })
}
