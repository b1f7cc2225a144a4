import type { InstanceId } from '../../domain/id.ts'
import type { SaslMechanism } from '../../domain/kafka-user.ts'
import { listPlainUsers } from '../../store/plain-verifiers.ts'
import { openCluster } from '../cluster/open-cluster.ts'
import { signInMechanisms } from '../security/sign-in-mechanisms.ts'
import type { ServiceContext } from '../context.ts'

/** Whom Kafka knows, and how each can sign in. */
export type KafkaUser = { name: string; mechanisms: SaslMechanism[] }

export const userSorts = ['name'] as const

export type UserQuestion = {
  instanceId: InstanceId
  /** Exactly these. */
  names?: string[] | undefined
  /** Part of a name; the user who is called so comes first. */
  keyword?: string | undefined
  sort: (typeof userSorts)[number]
  desc: boolean
  page: number
  size: number
}

export async function readUsers(
  context: ServiceContext,
  { instanceId, names, keyword = '', desc, page, size }: UserQuestion,
): Promise<{ total: number; list: KafkaUser[] }> {
  const cluster = await openCluster(context, instanceId)
  const users = await cluster.listUsers()
  const found = users.filter(({ name }) => name.includes(keyword) && (!names || names.includes(name)))
  const isExact = ({ name }: KafkaUser) => name === keyword
  const inOrder = desc ? found.toReversed() : found
  const sorted = [...inOrder.filter(isExact), ...inOrder.filter((user) => !isExact(user))]
  const takesPlain = (await signInMechanisms(context, instanceId)).includes('PLAIN')
  const plain = new Set(takesPlain ? await listPlainUsers(context.db, instanceId) : [])
  const list = sorted.slice((page - 1) * size, page * size).map(({ name, mechanisms }) => ({
    name,
    mechanisms: plain.has(name) ? [...mechanisms, 'PLAIN' as const] : mechanisms,
  }))
  return { total: found.length, list }
}
