import assert from 'node:assert/strict'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Keyring } from '../../domain/keyring.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { NodeSpec } from '../provider.ts'
import { nodeFolder } from './node-folder.ts'
import { writeVerifiers } from './node-storage.ts'

test('keeps nothing of passwords where users sign in no more', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-storage-'))
  const instanceId = 'kf-0000000000000000' as InstanceId
  const folder = nodeFolder({ home, instanceId, kafkaId: 1 })
  const isThere = () =>
    access(folder.verifiers).then(
      () => true,
      () => false,
    )
  const keyring = { verifiersFor: async () => [] } as Partial<Keyring> as Keyring
  const specWith = (method: string) => ({ instanceId, security: { listeners: [{ method }] } }) as unknown as NodeSpec
  try {
    await writeVerifiers(specWith('sasl'), folder, keyring)
    assert.ok(await isThere())
    await writeVerifiers(specWith('mtls'), folder, keyring)
    assert.ok(!(await isThere()))
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})
