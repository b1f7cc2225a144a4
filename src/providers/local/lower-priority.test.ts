import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { getPriority } from 'node:os'
import { test } from 'node:test'
import { lowerCompilerPriority, lowerPriority } from './lower-priority.ts'

test('gives a process a lower priority than ours, and minds none that has ended', async () => {
  const child = spawn('sleep', ['60'], { detached: true })
  await once(child, 'spawn')
  await lowerPriority(child.pid!)
  assert.ok(getPriority(child.pid!) > getPriority())
  child.kill()
  await once(child, 'exit')
  await lowerPriority(child.pid!)
  await lowerCompilerPriority(child.pid!)
})
