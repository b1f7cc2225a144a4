import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readGroupSearch, readTopicSearch } from './holding-search.ts'
import { readInstanceSearch } from './search.ts'

it('the address of topics keeps filter, sort and page, and leaves out what it does not know', () => {
  const search = { tab: 'topics', keyword: 'orders', sort: 'size', desc: true, internal: true, page: 3 }
  assert.deepEqual(readInstanceSearch(search), search)
  assert.deepEqual(readInstanceSearch({ ...search, sort: 'colour', desc: 'yes', internal: false, page: 0 }), {
    tab: 'topics',
    keyword: 'orders',
  })
})

it('the address of access rules says whose, on what and whether allowed', () => {
  const search = { tab: 'acls', user: 'svc-orders', resource: 'GROUP', permission: 'DENY', keyword: 'bill' }
  assert.deepEqual(readInstanceSearch(search), search)
  assert.deepEqual(readInstanceSearch({ ...search, resource: 'TEAPOT', permission: 'MAYBE' }), {
    tab: 'acls',
    user: 'svc-orders',
    keyword: 'bill',
  })
})

it('the address of groups keeps how they are sorted', () => {
  const search = { tab: 'groups', keyword: 'bill', sort: 'lag', desc: true, page: 2 }
  assert.deepEqual(readInstanceSearch(search), search)
  assert.deepEqual(readInstanceSearch({ ...search, sort: 'size' }), {
    tab: 'groups',
    keyword: 'bill',
    desc: true,
    page: 2,
  })
})

it('the address of users and access rules keeps how they are sorted, and not what is so anyway', () => {
  const search = { tab: 'users', keyword: 'svc', desc: true, page: 2 }
  assert.deepEqual(readInstanceSearch({ ...search, sort: 'name' }), search)
  const rules = { tab: 'acls', user: 'svc-orders', sort: 'resourceName', desc: true }
  assert.deepEqual(readInstanceSearch(rules), rules)
  assert.deepEqual(readInstanceSearch({ ...rules, sort: 'user', desc: false }), { tab: 'acls', user: 'svc-orders' })
  assert.deepEqual(readInstanceSearch({ tab: 'acls', sort: 'name' }), { tab: 'acls' })
})

it('the address of users and groups keeps no filter of another tab', () => {
  const search = { keyword: 'a', page: 2 }
  for (const tab of ['users', 'groups'])
    assert.deepEqual(readInstanceSearch({ tab, ...search, sort: 'size', user: 'x' }), { tab, ...search })
})

it('the address of a topic opens its partitions, or its settings', () => {
  assert.deepEqual(readTopicSearch({ tab: 'partitions', page: 2 }), { page: 2 })
  const settings = { tab: 'settings', show: 'changed', keyword: 'retention' }
  assert.deepEqual(readTopicSearch(settings), settings)
  assert.deepEqual(readTopicSearch({ ...settings, show: 'all', page: 2 }), { tab: 'settings', keyword: 'retention' })
})

it('the address of a group holds any name', () => {
  assert.deepEqual(readGroupSearch({ groupId: 'team/billing #1' }), { groupId: 'team/billing #1' })
  assert.deepEqual(readGroupSearch({ groupId: 42 }), { groupId: '42' })
  assert.deepEqual(readGroupSearch({}), { groupId: '' })
})
