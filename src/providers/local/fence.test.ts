import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { instanceIdFrom } from '../../domain/id.ts'
import { underFence } from './fence.ts'
import { withFileLock } from './file-lock.ts'

let home: string
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-fence-'))
})
after(() => rm(home, { recursive: true, force: true }))

const instanceOf = (first: number) => ({ home, instanceId: instanceIdFrom(Buffer.alloc(16, first)) })
const nothing = async () => {}

test('lets the same and newer callers pass, and stops an older one before it acts', async () => {
  const instance = instanceOf(1)
  await underFence(instance, { epoch: 3 }, nothing)
  await underFence(instance, { epoch: 3 }, nothing)
  await underFence(instance, { epoch: 5 }, nothing)
  let acted = false
  const late = underFence(instance, { epoch: 4 }, async () => {
    acted = true
  })
  await assert.rejects(late, { kind: 'conflict', code: 'Lease.Overtaken' })
  assert.equal(acted, false)
})

test('keeps the Instances apart', async () => {
  await underFence(instanceOf(2), { epoch: 9 }, nothing)
  assert.equal(await underFence(instanceOf(3), { epoch: 1 }, async () => 'passed'), 'passed')
})

test('lets changes of one Instance through one after the other', async () => {
  let inside = 0
  let most = 0
  const change = () =>
    underFence(instanceOf(4), { epoch: 1 }, async () => {
      most = Math.max(most, ++inside)
      await delay(10)
      inside--
    })
  await Promise.all(Array.from({ length: 8 }, change))
  assert.equal(most, 1)
})

test('frees the lock when a change fails', async () => {
  const failing = underFence(instanceOf(5), { epoch: 1 }, async () => {
    throw new Error('no')
  })
  await assert.rejects(failing, /no/)
  assert.equal(await underFence(instanceOf(5), { epoch: 1 }, async () => 'passed'), 'passed')
})

test('gives up in words on a lock that is held too long', async () => {
  const path = join(home, 'held')
  await withFileLock(path, 0, async () => {
    await assert.rejects(withFileLock(path, 30, nothing), { kind: 'unavailable', code: 'Node.Busy' })
  })
})
