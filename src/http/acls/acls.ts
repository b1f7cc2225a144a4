import { z } from '@hono/zod-openapi'
import { aclPatternTypes, aclResourceTypes } from '../../domain/acl.ts'
import { aclPresets } from '../../domain/acl-presets.ts'
import { aclSorts } from '../../domain/acl-search.ts'
import type { InstanceId } from '../../domain/id.ts'
import { grantAcls, grantPreset, revokeAcls, type Granted } from '../../services/acls/change-acls.ts'
import { readAcls } from '../../services/acls/read-acls.ts'
import { repeatHeader } from '../idempotency.ts'
import { defineRoute, type AnyRoute, type Asked } from '../route.ts'
import { flag, listOf, pageView, pagingQuery, severalOf, wholeView } from '../views/shapes.ts'
import { AclBindingShape, aclFilter, AclParams, aclView, wantedFrom } from './shapes.ts'

/** Who may do what in an Instance's Kafka. */
const path = '/instances/{instanceId}/acls'

const AclList = listOf(AclBindingShape).extend({
  isEnforced: z.boolean().openapi({ description: 'False: the Instance asks nobody who they are, and has no rules' }),
})

const list = defineRoute({
  method: 'get',
  path,
  summary: 'List access rules, grouped',
  permission: 'acl:read',
  query: z.strictObject({
    ...pagingQuery,
    ...aclFilter,
    resourceTypes: severalOf(aclResourceTypes).optional(),
    sort: z.enum(aclSorts, `Sort by one of ${aclSorts.join(', ')}.`).default('user'),
    desc: flag.optional(),
  }),
  answers: { 200: AclList },
  async handle({ world, params, query }) {
    const { exactUser, fuzzyResourceName, desc = false, ...others } = query
    const question = { ...others, user: exactUser, nameHolds: fuzzyResourceName, desc }
    const found = await readAcls(world, { ...question, instanceId: params.instanceId as InstanceId })
    const body = { ...pageView(query, found.total, found.list.map(aclView)), isEnforced: found.isEnforced }
    return { status: 200, body }
  },
})

const whoAsks = ({ params, caller, once }: Asked<unknown, unknown>) => ({
  instanceId: params.instanceId as InstanceId,
  actor: caller.actor,
  once,
})

const grantedAnswer = ({ list: made, isRepeat }: Granted) => ({
  status: 201,
  body: wholeView(made.map(aclView)),
  headers: repeatHeader(isRepeat),
})

const create = defineRoute({
  method: 'post',
  path,
  summary: 'Create access rules; those that are there already stay',
  permission: 'acl:manage',
  mayRepeat: () => true,
  body: AclParams,
  answers: { 201: listOf(AclBindingShape) },
  async handle(asked) {
    const bindings = asked.body.params.map(wantedFrom)
    return grantedAnswer(await grantAcls(asked.world, { ...whoAsks(asked), bindings }))
  },
})

const Preset = z
  .strictObject(
    {
      preset: z.enum(aclPresets, `This is one of ${aclPresets.join(', ')}.`),
      user: z.string('The user is a text.'),
      topic: z.string('The topic is a text.'),
      patternType: z.enum(aclPatternTypes, `This is one of ${aclPatternTypes.join(', ')}.`).default('LITERAL'),
      group: z.string().optional().openapi({ description: 'Consumer group that a consumer may join' }),
      transactionalId: z.string().optional().openapi({ description: 'Of a producer that writes in transactions' }),
    },
    'The body is a JSON object.',
  )
  .openapi('AclPreset')

const createPreset = defineRoute({
  method: 'post',
  path: `${path}/presets`,
  summary: 'Make a user a producer or a consumer of topics',
  permission: 'acl:manage',
  mayRepeat: () => true,
  body: Preset,
  answers: { 201: listOf(AclBindingShape) },
  handle: async (asked) => grantedAnswer(await grantPreset(asked.world, { ...whoAsks(asked), wish: asked.body })),
})

const remove = defineRoute({
  method: 'post',
  path: `${path}/batch:delete`,
  summary: 'Delete access rules; gone already is success',
  permission: 'acl:manage',
  mayRepeat: () => true,
  body: AclParams,
  answers: { 204: null },
  async handle(asked) {
    const bindings = asked.body.params.map(wantedFrom)
    const { isRepeat } = await revokeAcls(asked.world, { ...whoAsks(asked), bindings })
    return { status: 204, headers: repeatHeader(isRepeat) }
  },
})

export const aclRoutes: readonly AnyRoute[] = [list, create, createPreset, remove]
