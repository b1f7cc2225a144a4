import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
import { test } from 'node:test'
import { makeRealHome } from './real-home.ts'

test("a node's second compiler takes less of the processors than the node", async () => {
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
    assert.ok(compilers.every(({ priority }) => priority === getPriority(pid!) + 5))
    const others = threads.filter(({ name }) => !name.startsWith('C2 '))
    assert.ok(others.every(({ priority }) => priority === getPriority(pid!)))
  } finally {
    await home.cleanUp()
  }
})
