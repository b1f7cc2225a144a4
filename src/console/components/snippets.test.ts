import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { snippetsFor } from './snippets.ts'

const servers = ['127.0.1.10:9092', '127.0.2.10:9092', '127.0.3.10:9092']

describe('the programs that can be copied', () => {
  const snippets = snippetsFor(servers.join(','))

  it('are there for kcat, Java, Python and Node', () => {
    assert.deepEqual(
      snippets.map(({ label }) => label),
      ['kcat', 'Java', 'Python', 'Node'],
    )
  })

  for (const { label, code } of snippets) {
    it(`name every bootstrap server in ${label}`, () => {
      for (const server of servers) assert.ok(code.includes(server), `${label} misses ${server}`)
    })

    it(`leave nothing to be filled in for ${label}`, () => {
      assert.doesNotMatch(code, /<[a-z- ]+>|YOUR|undefined|\$\{/)
    })
  }

  it('give Node a list of brokers', () => {
    assert.ok(snippets[3]?.code.includes("brokers: ['127.0.1.10:9092', '127.0.2.10:9092', '127.0.3.10:9092']"))
  })
})
