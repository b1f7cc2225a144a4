import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { TestDatabase } from '../../test/harness/database.ts'
import { addInstance, environmentId, makeStore, second, start } from '../../test/harness/rows.ts'
import type { InstanceId } from '../domain/id.ts'
import type { Instance } from '../domain/instance.ts'
import type { Database } from './database.ts'
import { insertEvent } from './events.ts'
import { instanceSorts, listInstances, type InstanceQuery, type InstanceSort } from './instance-list.ts'
import { updateInstanceState } from './instances.ts'

let store: TestDatabase
let db: Database

const ask = (query: Partial<InstanceQuery> = {}) =>
  listInstances(db, { environmentId, sort: 'name', desc: false, page: 1, size: 100, ...query })
const names = async (query: Partial<InstanceQuery>) => (await ask(query)).list.map(({ name }) => name)

/** As every change that people see is told, in whatever words. */
const tellOf = (instanceId: InstanceId) =>
  db.transaction().execute((tx) => {
    const about = { environmentId, instanceId, operationId: null }
    return insertEvent(tx, { ...about, kind: 'test', message: 'It changed.', createdAt: start })
  })

const aku = (reservedAku: number) => ({ spec: { reservedAku, networks: [{ zone: 'a' }] } })
const wanted: Partial<Instance>[] = [
  { name: 'alpha', createdAt: second(3), state: 'Running', version: '4.3.1', ...aku(3) },
  {
    name: 'beta',
    createdAt: second(1),
    state: 'Error',
    version: '4.0.2',
    description: 'The ALPHA of betas',
    ...aku(9),
  },
  { name: 'gamma_1', createdAt: second(2), state: 'Creating', version: '4.3.1', description: '100% sure', ...aku(5) },
  { name: 'gamma21', createdAt: second(2), state: 'Running', version: '3.9.2', description: 'back\\slash', ...aku(5) },
  { name: '订单', createdAt: second(5), state: 'Running', version: '4.3.1', ...aku(4) },
]
const all = wanted.map(({ name }) => name!)

before(async () => {
  store = await makeStore()
  db = store.db
  for (const more of wanted) await addInstance(db, more)
  const { id } = await addInstance(db, { name: 'gone', description: 'alpha', createdAt: second(9) })
  await db.transaction().execute((tx) => updateInstanceState(tx, id, { state: 'Deleted', reason: null, now: start }))
  await db.insertInto('environments').values({ id: 'other', provider: 'p', created_at: start }).execute()
  await addInstance(db, { name: 'alpha', environmentId: 'other' })
})
after(() => store[Symbol.asyncDispose]())

describe('the list of Instances', () => {
  test('shows all of its environment but the deleted, and counts them', async () => {
    const { total, list } = await ask()
    assert.equal(total, 5)
    assert.deepEqual(list.map(({ name }) => name).toSorted(), all.toSorted())
  })

  test('shows tombstones when they are asked for', async () => {
    assert.deepEqual(await names({ states: ['Deleted'] }), ['gone'])
    assert.deepEqual(await names({ states: ['Deleted', 'Error'] }), ['beta', 'gone'])
  })

  test('filters by states', async () => {
    assert.deepEqual(await names({ states: ['Error', 'Creating'] }), ['beta', 'gamma_1'])
    assert.deepEqual(await names({ states: ['Changing'] }), [])
    assert.equal((await ask({ states: [] })).total, 5)
  })

  const keyOf: Record<InstanceSort, (instance: Instance) => string | number> = {
    name: ({ name }) => name,
    createdAt: ({ createdAt }) => createdAt.getTime(),
    state: ({ state }) => state,
    aku: ({ spec }) => spec.reservedAku!,
    version: ({ version }) => version,
  }
  for (const sort of instanceSorts) {
    for (const desc of [false, true]) {
      test(`is ordered by ${sort} ${desc ? 'downwards' : 'upwards'}, and by id where that is equal`, async () => {
        const { list } = await ask({ sort, desc })
        assert.equal(list.length, 5)
        for (const [index, instance] of list.slice(1).entries()) {
          const before = list[index]!
          const [low, high] = desc ? [instance, before] : [before, instance]
          if (sort !== 'name') assert.ok(keyOf[sort](low) <= keyOf[sort](high))
          if (keyOf[sort](low) === keyOf[sort](high)) assert.ok(before.id < instance.id)
        }
      })
    }
  }

  test('is ordered by name as the database orders words', async () => {
    const upwards = await names({ sort: 'name' })
    assert.deepEqual(upwards.slice(0, 2), ['alpha', 'beta'])
    assert.deepEqual(await names({ sort: 'name', desc: true }), upwards.toReversed())
  })

  test('counts what was changed a moment ago', async () => {
    const pageOfOne = { states: ['Creating' as const], size: 1 }
    assert.equal((await ask(pageOfOne)).total, 1)
    const { id } = await addInstance(db, { name: 'new', state: 'Creating' })
    await tellOf(id)
    assert.equal((await ask(pageOfOne)).total, 2)
    await db.deleteFrom('instances').where('id', '=', id).execute()
    await tellOf(id)
    assert.equal((await ask(pageOfOne)).total, 1)
  })

  test('comes in pages that miss none and repeat none', async () => {
    const pages = await Promise.all([1, 2, 3, 4].map((page) => ask({ sort: 'aku', page, size: 2 })))
    assert.deepEqual(
      pages.map(({ list, total }) => [list.length, total]),
      [
        [2, 5],
        [2, 5],
        [1, 5],
        [0, 5],
      ],
    )
    const paged = pages.flatMap(({ list }) => list.map(({ name }) => name))
    assert.deepEqual(paged, await names({ sort: 'aku' }))
  })
})

describe('searching Instances', () => {
  test('finds a part of the name or of the remark, in any case', async () => {
    assert.deepEqual(await names({ keyword: 'AMMA' }), await names({ keyword: 'gamma' }))
    assert.equal((await ask({ keyword: 'amma' })).total, 2)
    assert.deepEqual(await names({ keyword: '订' }), ['订单'])
    assert.deepEqual(await names({ keyword: 'betas' }), ['beta'])
    assert.deepEqual(await names({ keyword: 'nothing like it' }), [])
  })

  test('shows the exact name first, whatever the order', async () => {
    for (const desc of [false, true])
      assert.deepEqual(await names({ keyword: 'alpha', sort: 'createdAt', desc }), ['alpha', 'beta'])
  })

  test('comes in pages, the exact name on the first of them', async () => {
    const query = { keyword: 'alpha', sort: 'aku', desc: true, size: 1 } as const
    const pages = await Promise.all([1, 2, 3].map((page) => ask({ ...query, page })))
    assert.deepEqual(
      pages.map(({ list, total }) => [list[0]?.name, total]),
      [
        ['alpha', 2],
        ['beta', 2],
        [undefined, 2],
      ],
    )
  })

  test('takes %, _ and backslash for themselves', async () => {
    assert.deepEqual(await names({ keyword: '%' }), ['gamma_1'])
    assert.deepEqual(await names({ keyword: '_' }), ['gamma_1'])
    assert.deepEqual(await names({ keyword: 'a_1' }), ['gamma_1'])
    assert.deepEqual(await names({ keyword: '\\' }), ['gamma21'])
    assert.deepEqual(await names({ keyword: "'; drop table instances; --" }), [])
  })

  test('finds an id by its beginning, not by its middle', async () => {
    const [first] = (await ask()).list
    const { id, name } = first!
    assert.deepEqual(await names({ keyword: id }), [name])
    assert.ok((await names({ keyword: id.slice(0, 10) })).includes(name))
    assert.ok(!(await names({ keyword: id.slice(4) })).includes(name))
  })

  test('goes together with a filter of states', async () => {
    assert.deepEqual(await names({ keyword: 'alpha', states: ['Error', 'Deleted'] }), ['beta', 'gone'])
  })
})

describe('the list among ten thousand', () => {
  before(async () => {
    await sql`
      insert into instances (id, environment_id, name, state, state_since, version, target_version, cluster_id, aku, spec,
        features, tags, node_count, health, created_at, updated_at)
      select 'kf-' || lpad(n::text, 16, '0'), ${environmentId}, 'many-' || n, 'Running', ${start}, '4.3.1', '4.3.1', 'c',
        3 + n % 100, '{"reservedAku":3,"networks":[]}', '{}', '[]', 3, 'healthy',
        ${start}::timestamptz + n * interval '1 second', ${start}
      from generate_series(1, 10000) n`.execute(db)
    await sql`analyze instances`.execute(db)
  })

  const planFor = async (orderBy: string) => {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select * from instances where environment_id = ${environmentId} and deleted_at is null
      order by ${sql.raw(orderBy)} limit 50`.execute(db)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  for (const [sort, index] of Object.entries({
    'created_at desc, id': 'instances_by_created',
    'created_at, id': 'instances_by_created',
    'name, id': 'instances_(by|living)_name',
    'name desc, id': 'instances_(by|living)_name',
    'aku, id': 'instances_by_aku',
    'aku desc, id': 'instances_by_aku',
  })) {
    test(`reads a page ordered by ${sort} from its index, not from the whole table`, async () => {
      const plan = await planFor(sort)
      assert.match(plan, RegExp(index))
      assert.doesNotMatch(plan, /Seq Scan/)
    })
  }

  test('gets one Instance by its key', async () => {
    const id = 'kf-0000000000000042' as InstanceId
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain select * from instances where id = ${id}`.execute(db)
    assert.match(rows.map((row) => row['QUERY PLAN']).join('\n'), /Index Scan using instances_pkey/)
  })

  test('still counts and pages right', async () => {
    const { total, list } = await ask({ keyword: 'many-', sort: 'createdAt', desc: true, page: 200, size: 50 })
    assert.equal(total, 10_000)
    assert.deepEqual([list.length, list.at(-1)?.name], [50, 'many-1'])
  })

  test('finds the same by a broad keyword, whichever way it goes', async () => {
    await tellOf((await addInstance(db, { name: 'many-', createdAt: second(5_000) })).id)
    for (const sort of instanceSorts) {
      const query = { keyword: 'MANY-', sort, desc: sort === 'createdAt', page: 2, size: 10 }
      const exactly = { ...query, keyword: 'many-', page: 1 }
      const [first, firstExactly] = [await ask(query), await ask(exactly)]
      const [again, againExactly] = [await ask(query), await ask(exactly)]
      assert.deepEqual(again, first)
      assert.deepEqual(againExactly, firstExactly)
      assert.deepEqual([first.total, firstExactly.total, firstExactly.list[0]?.name], [10_001, 10_001, 'many-'])
    }
  })
})
