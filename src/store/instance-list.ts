import { sql, type Expression, type ExpressionBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { Instance, InstanceState } from '../domain/instance.ts'
import type { Db } from './database.ts'
import { instanceFrom } from './instances.ts'
import { makeRecentTotals, type RecentTotals } from './recent-totals.ts'
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
  const { keyword, sort, desc } = query
  const matching = db.selectFrom('instances').where((eb) => eb.and(conditions(eb, query)))
  const rows = await db
    .selectFrom('instances')
    .selectAll()
    .select(sql<number | null>`(select max(id) from events)`.as('newest_event'))
    // Rows are wide: only ids are sorted and stepped over.
    .where('id', 'in', keyword ? exactNameFirst(db, query, matching) : idsOfPage(query, matching))
    .$if(!!keyword, (q) => q.orderBy(sql`name = ${keyword}`, 'desc'))
    .orderBy(sortColumns[sort], desc ? 'desc' : 'asc')
    .orderBy('id')
    .execute()
  const count = async () =>
    (await matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()).total
  return { total: await totalOf(db, query, { rows, count }), list: rows.map(instanceFrom) }
}

type Matching = SelectQueryBuilder<Tables, 'instances', object>

const idsOfPage = ({ sort, desc, page, size }: InstanceQuery, matching: Matching) =>
  matching
    .select('id')
    .orderBy(sortColumns[sort], desc ? 'desc' : 'asc')
    .orderBy('id')
    .limit(size)
    .offset((page - 1) * size)

/**
 * The same ids where an exact name comes before the others: each of the two is read from the index of its order as far as
 * the end of the page, which one query for both could not.
 */
function exactNameFirst(db: Db, query: InstanceQuery, matching: Matching) {
  const { keyword, sort, desc, page, size } = query
  const upToEnd = (isExact: boolean) =>
    idsOfPage({ ...query, page: 1, size: page * size }, matching.where('name', isExact ? '=' : '!=', keyword!)).select([
      `${sortColumns[sort]} as key`,
      sql<boolean>`${isExact}::boolean`.as('is_exact'),
    ])
  const both = db
    .selectFrom(upToEnd(true).as('exact'))
    .selectAll()
    .unionAll(db.selectFrom(upToEnd(false).as('others')).selectAll())
  return db
    .selectFrom(both.as('both'))
    .select('id')
    .orderBy('is_exact', 'desc')
    .orderBy('key', desc ? 'desc' : 'asc')
    .orderBy('id')
    .limit(size)
    .offset((page - 1) * size)
}

type Found = { rows: { newest_event: number | null }[]; count: () => Promise<number> }

/** Counting goes through all that matches, which a page does not: it is done only when nothing else tells the total. */
async function totalOf(db: Db, query: InstanceQuery, { rows, count }: Found): Promise<number> {
  const { environmentId, keyword, states, page, size } = query
  const [first] = rows
  if (!first) return page === 1 ? 0 : await count()
  if (rows.length < size) return (page - 1) * size + rows.length
  const question = JSON.stringify([environmentId, keyword, states])
  return await recentTotals(db).get({ question, newestEvent: first.newest_event }, count)
}

const totalsOf = new WeakMap<Db, RecentTotals>()

function recentTotals(db: Db): RecentTotals {
  const totals = totalsOf.get(db) ?? makeRecentTotals()
  totalsOf.set(db, totals)
  return totals
}

function conditions(eb: ExpressionBuilder<Tables, 'instances'>, query: InstanceQuery): Expression<SqlBool>[] {
  const { environmentId, states, keyword } = query
  const all: Expression<SqlBool>[] = [eb('environment_id', '=', environmentId)]
  if (states?.length) all.push(eb('state', 'in', states))
  // Said beside the states too: the indexes of every order hold the living alone.
  if (!states?.includes('Deleted')) all.push(eb('deleted_at', 'is', null))
  if (keyword) all.push(sql<SqlBool>`(${holds(keyword)} or starts_with(id, ${keyword}))`)
  return all
}

/** `search_text` is in small letters already. */
const holds = (keyword: string) => sql`search_text like lower(${`%${literally(keyword)}%`})`

/** A person's % or _ means itself. */
const literally = (text: string) => text.replace(/[\\%_]/g, '\\$&')
