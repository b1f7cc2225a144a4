import { z } from '@hono/zod-openapi'
import type { InstanceId } from '../../domain/id.ts'
import { createUser, deleteUser, rotatePassword, type PutUser } from '../../services/users/change-users.ts'
import { readUsers, userSorts, type KafkaUser } from '../../services/users/read-users.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute, type AnyRoute } from '../route.ts'
import { flag, listOf, pageView, pagingQuery } from '../views/shapes.ts'

/** Users of an Instance's Kafka. */
const path = '/instances/{instanceId}/users'
const onePath = `${path}/{userName}`
const names = ['userName']

const fields = {
  name: z.string(),
  supportedSaslMechanisms: z.array(z.string()),
}
const UserShape = z.object(fields).openapi('User')
const PutUserShape = z
  .object({
    ...fields,
    password: z.string().optional().openapi({ description: 'Only one that Millrace made, and only this once' }),
  })
  .openapi('PutUser')

const userView = ({ name, mechanisms }: KafkaUser) => ({ name, supportedSaslMechanisms: mechanisms })

const putUserAnswer = (status: number, { user, password, isRepeat }: PutUser) => ({
  status,
  body: { ...userView(user), ...(password !== null && { password }) },
  headers: { 'Cache-Control': 'no-store', ...repeatHeader(isRepeat) },
})

const password = z
  .string('A password is a text.')
  .optional()
  .openapi({ description: 'Left out: Millrace makes one and answers it this once' })

const NewUser = z
  .strictObject({ name: z.string('The name is a text.'), password }, 'The body is a JSON object.')
  .openapi('NewUser')
const NewPassword = z.strictObject({ password }, 'The body is a JSON object.').openapi('NewUserPassword')

const list = defineRoute({
  method: 'get',
  path,
  summary: 'List users; never a password',
  permission: 'user:read',
  query: z.strictObject({
    ...pagingQuery,
    userNames: z
      .union([z.string(), z.array(z.string())])
      .transform((given) => [given].flat().flatMap((text) => text.split(',')))
      .optional()
      .openapi({ type: 'array', items: { type: 'string' }, description: 'Exactly these' }),
    keyword: z.string().max(256, 'A keyword has at most 256 characters.').optional(),
    sort: z.enum(userSorts, `Sort by ${userSorts.join(', ')}.`).default('name'),
    desc: flag.optional(),
  }),
  answers: { 200: listOf(UserShape) },
  async handle({ world, params, query }) {
    const { userNames, desc = false, ...others } = query
    const question = { ...others, desc, names: userNames, instanceId: params.instanceId as InstanceId }
    const { total, list: users } = await readUsers(world, question)
    return { status: 200, body: pageView(query, total, users.map(userView)) }
  },
})

const create = defineRoute({
  method: 'post',
  path,
  summary: 'Create a user; every broker knows it when the answer comes',
  permission: 'user:manage',
  // A password that Millrace makes is a secret in the answer.
  mayRepeat: (body) => body.password !== undefined,
  body: NewUser,
  answers: { 201: PutUserShape },
  async handle({ world, params, body, caller, once }) {
    const wish = { ...body, instanceId: params.instanceId as InstanceId, actor: caller.actor, once }
    return putUserAnswer(201, await createUser(world, wish))
  },
})

const rotate = defineRoute({
  method: 'post',
  path: `${onePath}:rotate`,
  summary: 'Give a user another password; connections that stand go on',
  permission: 'user:manage',
  names,
  body: NewPassword,
  answers: { 200: PutUserShape },
  async handle({ world, params, body, caller, once }) {
    const who = { instanceId: params.instanceId as InstanceId, name: params.userName!, actor: caller.actor, once }
    return putUserAnswer(200, await rotatePassword(world, { ...body, ...who }))
  },
})

const remove = defineRoute({
  method: 'delete',
  path: onePath,
  summary: 'Delete a user; gone already is success',
  permission: 'user:manage',
  mayRepeat: () => true,
  names,
  answers: { 204: null },
  async handle({ world, params, caller }) {
    const who = { instanceId: params.instanceId as InstanceId, name: params.userName!, actor: caller.actor }
    await deleteUser(world, who)
    return { status: 204 }
  },
})

export const userRoutes: readonly AnyRoute[] = [list, create, rotate, remove]
