import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readInstanceSearch, readInstancesSearch, readOperationsSearch, readSignInSearch } from './search.ts'

describe('the address of the Instances', () => {
  it('keeps what it understands', () => {
    const search = { keyword: 'orders', state: 'Error', sort: 'aku', desc: true, page: 3 }
    assert.deepEqual(readInstancesSearch(search), search)
  })

  it('leaves out what it does not', () => {
    assert.deepEqual(readInstancesSearch({ state: 'Lost', sort: 'colour', desc: 'yes', page: -1, keyword: '' }), {})
  })

  it('takes a keyword of digits', () => {
    assert.deepEqual(readInstancesSearch({ keyword: 42 }), { keyword: '42' })
  })
})

it('the address of the Operations knows their statuses', () => {
  assert.deepEqual(readOperationsSearch({ state: 'Paused', page: 2 }), { state: 'Paused', page: 2 })
  assert.deepEqual(readOperationsSearch({ state: 'Creating', page: 1 }), {})
})

it('the address of an Instance names the tab, unless it is the first', () => {
  assert.deepEqual(readInstanceSearch({ tab: 'nodes' }), { tab: 'nodes' })
  assert.deepEqual(readInstanceSearch({ tab: 'overview' }), {})
  assert.deepEqual(readInstanceSearch({ tab: 'secrets' }), {})
})

it('the address of its settings says which, and belongs to that tab alone', () => {
  const search = { tab: 'settings', show: 'all', keyword: 'retention' }
  assert.deepEqual(readInstanceSearch(search), search)
  assert.deepEqual(readInstanceSearch({ ...search, show: 'changed', keyword: '' }), { tab: 'settings' })
  assert.deepEqual(readInstanceSearch({ ...search, tab: 'nodes' }), { tab: 'nodes' })
})

it('a sign-in goes on to a page of this console only', () => {
  assert.deepEqual(readSignInSearch({ next: '/operations?page=2' }), { next: '/operations?page=2' })
  for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', 'instances', '/']) {
    assert.deepEqual(readSignInSearch({ next }), {}, next)
  }
})
