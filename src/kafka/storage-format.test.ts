import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatStorage, isFormatted, storageFiles } from './storage-format.ts'

const voter = {
  clusterId: 'TU1NTU1NTU1NTU1NTU1NTQ',
  kafkaId: 1,
  directoryId: 'EREREREREREREREREREREQ',
  isVoter: true,
  voters: [{ kafkaId: 1, directoryId: 'EREREREREREREREREREREQ', address: '127.0.1.1', controllerPort: 9093 }],
  features: { 'metadata.version': 21 },
  timestampMs: 0,
}

test('says whose folder it is', () => {
  const [, content] = storageFiles(voter).at(-1)!
  assert.equal(
    content.toString(),
    'node.id=1\ndirectory.id=EREREREREREREREREREREQ\nversion=1\ncluster.id=TU1NTU1NTU1NTU1NTU1NTQ\n',
  )
})

test('writes the file that makes it count as formatted last', () => {
  for (const isVoter of [true, false]) assert.equal(storageFiles({ ...voter, isVoter }).at(-1)![0], 'meta.properties')
})

test('tells only voters who the voters are', () => {
  const names = (isVoter: boolean) => storageFiles({ ...voter, isVoter }).map(([name]) => name)
  assert.ok(names(true).includes('__cluster_metadata-0/00000000000000000000-0000000000.checkpoint'))
  assert.ok(!names(false).some((name) => name.startsWith('__cluster_metadata-0')))
})

test('writes a feature level as Kafka reads it: frame, name, level', () => {
  const checkpoint = storageFiles(voter).find(([name]) => name === 'bootstrap.checkpoint')![1]
  const record = Buffer.concat([Buffer.from([1, 12, 0, 17]), Buffer.from('metadata.version'), Buffer.from([0, 21, 0])])
  assert.ok(checkpoint.includes(record))
})

test('counts as formatted only when all of it is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-format-'))
  try {
    assert.equal(await isFormatted(folder), false)
    await formatStorage(folder, voter)
    assert.equal(await isFormatted(folder), true)
    assert.deepEqual((await readdir(folder)).sort(), [
      '__cluster_metadata-0',
      'bootstrap.checkpoint',
      'meta.properties',
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})
