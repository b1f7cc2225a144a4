import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeDiskUsage } from './node-disk.ts'

test('counts what is allocated in the whole tree, not what is reserved, and remembers it for a while', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-disk-'))
  try {
    await mkdir(join(folder, 'orders-0'))
    await writeFile(join(folder, 'orders-0', 'log'), Buffer.alloc(64 * 1024, 1))
    await writeFile(join(folder, 'orders-0', 'index'), '')
    await truncate(join(folder, 'orders-0', 'index'), 10 * 1024 * 1024)
    const disk = makeDiskUsage(60_000)
    const bytes = await disk.of(folder)
    assert.ok(bytes >= 64 * 1024 && bytes < 1024 * 1024, `${bytes} bytes`)
    await writeFile(join(folder, 'more'), Buffer.alloc(1024 * 1024, 1))
    assert.equal(await disk.of(folder), bytes)
    assert.ok((await makeDiskUsage(60_000).of(folder)) > bytes)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('finds nothing in a folder that is gone', async () => {
  assert.equal(await makeDiskUsage(0).of(join(tmpdir(), 'millrace-no-such-folder')), 0)
})
