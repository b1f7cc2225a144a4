import { sql, type Expression, type ExpressionBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { InstanceId } from '../domain/id.ts'
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
  /** The only ones that may be seen; without: all. */
  only?: readonly InstanceId[] | undefined
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
    .where('id', 'in', isBroad(db, query) ? idsByIndex(db, query, matching) : idsOfPage(query, matching))
    .$if(!!keyword, (q) => q.orderBy(isExactly(keyword), 'desc'))
    .orderBy(sortColumns[sort], desc ? 'desc' : 'asc')
    .orderBy('id')
    .execute()
  const count = async () =>
    (await matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()).total
  return { total: await totalOf(db, query, { rows, count }), list: rows.map(instanceFrom) }
}

type Matching = SelectQueryBuilder<Tables, 'instances', object>

const isExactly = (keyword: string | undefined) => sql<boolean>`name = ${keyword}`

const idsOfPage = ({ keyword, sort, desc, page, size }: InstanceQuery, matching: Matching) =>
  matching
    .select('id')
    .$if(!!keyword, (q) => q.orderBy(isExactly(keyword), 'desc'))
    .orderBy(sortColumns[sort], desc ? 'desc' : 'asc')
    .orderBy('id')
    .limit(size)
    .offset((page - 1) * size)

/** Does a keyword match so much that its page ends soon in the index of the order, with all the rest not looked at? */
const isBroad = (db: Db, query: InstanceQuery): boolean =>
  !!query.keyword && (recentTotals(db).about(questionOf(query)) ?? 0) >= 50 * query.page * query.size

/** The same ids, by indexes: the exact name and the others each as far as the end of the page. */
function idsByIndex(db: Db, query: InstanceQuery, matching: Matching) {
  const { keyword, sort, desc, page, size } = query
  const upToEnd = (isExact: boolean) =>
    matching
      .where('name', isExact ? '=' : '!=', keyword!)
      .select(['id', `${sortColumns[sort]} as key`, sql<boolean>`${isExact}::boolean`.as('is_exact')])
      .orderBy(sortColumns[sort], desc ? 'desc' : 'asc')
      .orderBy('id')
      .limit(page * size)
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
  const { page, size } = query
  const [first] = rows
  if (!first) return page === 1 ? 0 : await count()
  if (rows.length < size) return (page - 1) * size + rows.length
  return await recentTotals(db).get({ question: questionOf(query), newestEvent: first.newest_event }, count)
}

const questionOf = ({ environmentId, keyword, states, only }: InstanceQuery) =>
  JSON.stringify([environmentId, keyword, states, only])

const totalsOf = new WeakMap<Db, RecentTotals>()

function recentTotals(db: Db): RecentTotals {
  const totals = totalsOf.get(db) ?? makeRecentTotals()
  totalsOf.set(db, totals)
  return totals
}

function conditions(eb: ExpressionBuilder<Tables, 'instances'>, query: InstanceQuery): Expression<SqlBool>[] {
  const { environmentId, states, keyword, only } = query
  const all: Expression<SqlBool>[] = [eb('environment_id', '=', environmentId)]
  if (only) all.push(sql<SqlBool>`id = any(${[...only]})`)
  if (states?.length) all.push(eb('state', 'in', states))
  // Said beside the states too: the indexes of every order hold the living alone.
  if (!states?.includes('Deleted')) all.push(eb('deleted_at', 'is', null))
  if (keyword) all.push(sql<SqlBool>`(${holds(keyword)} or id like ${`${literally(keyword)}%`})`)
  return all
}

/** `search_text` is in small letters already. */
const holds = (keyword: string) => sql`search_text like lower(${`%${literally(keyword)}%`})`

/** A person's % or _ means itself. */
const literally = (text: string) => text.replace(/[\\%_]/g, '\\$&')
