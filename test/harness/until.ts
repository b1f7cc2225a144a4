import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'

/** Looks until it is so. For what real timers and real connections do in their own time; everything else has a clock. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, `it did not become so within ${withinMs} ms`)
    await delay(5)
  }
}
