import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
import { test } from 'node:test'
import { makeRealHome } from './real-home.ts'

test("a node's second compiler gets what nobody else wants of the processors", async () => {
  const home = await makeRealHome()
  try {
    await home.ready()
    const [spec] = await home.specsFor(1)
    await home.provider.ensureNode(spec!, { epoch: 1 })
    const [pid] = await home.pidsOf(spec!)
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => ({
      name: readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8'),
      priority: getPriority(Number(thread)),
    }))
    const compilers = threads.filter(({ name }) => name.startsWith('C2 '))
    assert.ok(compilers.length > 0)
    assert.ok(compilers.every(({ priority }) => priority === 19))
    const others = threads.filter(({ name }) => !name.startsWith('C2 '))
    assert.ok(others.every(({ priority }) => priority === getPriority(pid!) && priority < 19))
  } finally {
    await home.cleanUp()
  }
})
