import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Instance, InstanceState } from '../domain/instance.ts'
import type { Db } from './database.ts'
import { instanceFrom } from './instances.ts'
import type { Tables } from './tables.ts'

/** The list of Instances: filtered, ordered and cut to a page by the database. */
export const instanceSorts = ['name', 'createdAt', 'state', 'aku', 'version'] as const
export type InstanceSort = (typeof instanceSorts)[number]

const sortColumns = {
  name: 'name',
  createdAt: 'created_at',
  state: 'state',
  aku: 'aku',
  version: 'version',
} as const satisfies Record<InstanceSort, keyof Tables['instances']>

export type InstanceQuery = {
  environmentId: string
  /** Part of a name or remark, or the beginning of an id; an exact name comes first. */
  keyword?: string | undefined
  /** Without: every one that is not Deleted. */
  states?: InstanceState[] | undefined
  sort: InstanceSort
  desc: boolean
  /** From 1. */
  page: number
  size: number
}

export type Page<T> = { total: number; list: T[] }

export async function listInstances(db: Db, query: InstanceQuery): Promise<Page<Instance>> {
  const matching = db.selectFrom('instances').where((eb) => eb.and(conditions(eb, query)))
  const direction = query.desc ? 'desc' : 'asc'
  const counted = matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const listed = matching
    .selectAll()
    .$if(!!query.keyword, (q) => q.orderBy(sql`name = ${query.keyword}`, 'desc'))
    .orderBy(sortColumns[query.sort], direction)
    .orderBy('id')
    .limit(query.size)
    .offset((query.page - 1) * query.size)
    .execute()
  const [{ total }, rows] = await Promise.all([counted, listed])
  return { total, list: rows.map(instanceFrom) }
}

function conditions(eb: ExpressionBuilder<Tables, 'instances'>, query: InstanceQuery): Expression<SqlBool>[] {
  const { environmentId, states, keyword } = query
  const wanted = states?.length ? eb('state', 'in', states) : eb('deleted_at', 'is', null)
  const inEnvironment = eb('environment_id', '=', environmentId)
  if (!keyword) return [inEnvironment, wanted]
  const pattern = `%${literally(keyword)}%`
  const found = eb.or([
    eb('name', 'ilike', pattern),
    eb('description', 'ilike', pattern),
    sql<SqlBool>`id like ${`${literally(keyword)}%`}`,
  ])
  return [inEnvironment, wanted, found]
}

/** A person's % or _ means itself. */
const literally = (text: string) => text.replace(/[\\%_]/g, '\\$&')
