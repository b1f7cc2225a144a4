import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Distribution } from '../../src/kafka/installed-distribution.ts'
import { ensureDistribution } from '../../src/kafka/distribution.ts'
import { findDistribution, versionIn } from '../../src/kafka/installed-distribution.ts'
import { makeRealHome } from './real-home.ts'
import type { RealHome } from './real-home.ts'

describe('a Kafka distribution', () => {
  let home: RealHome
  let distribution: Distribution
  before(async () => {
    home = await makeRealHome()
    const { version, catalogue } = home
    distribution = await ensureDistribution({ home: home.home, version, catalogue })
  })
  after(() => home.cleanUp())

  test('holds the server and a class archive', async () => {
    assert.equal(versionIn(distribution.libs), home.version)
    assert.ok(distribution.classArchive && existsSync(distribution.classArchive))
  })

  test('is there at once the second time, without a word', async () => {
    const said: string[] = []
    const { version, catalogue } = home
    const request = { home: home.home, version, catalogue, onProgress: (words: string) => said.push(words) }
    assert.deepEqual(await ensureDistribution(request), distribution)
    assert.deepEqual(said, [])
  })

  test('may be a folder of the team for the version in it', async () => {
    const other = await mkdtemp(join(tmpdir(), 'millrace-other-'))
    try {
      await symlink(distribution.libs, join(other, 'libs'))
      await mkdir(join(other, 'kafka'))
      await symlink(join(home.home, 'kafka', 'logging'), join(other, 'kafka', 'logging'))
      const found = await findDistribution({ home: other, version: home.version, distributionDirectory: other })
      assert.equal(found?.libs, distribution.libs)
      assert.equal(await findDistribution({ home: other, version: '3.9.2', distributionDirectory: other }), undefined)
    } finally {
      await rm(other, { recursive: true })
    }
  })

  test('is refused in words when the folder holds no Kafka', async () => {
    const other = await mkdtemp(join(tmpdir(), 'millrace-other-'))
    try {
      await writeFile(join(other, 'readme'), '')
      const search = findDistribution({ home: other, version: home.version, distributionDirectory: other })
      await assert.rejects(search, {
        kind: 'unavailable',
        code: 'Version.NoDistribution',
        message: /holds no Kafka server/,
      })
    } finally {
      await rm(other, { recursive: true })
    }
  })

  test('is refused for a version that is not in the catalogue', async () => {
    const request = { home: home.home, version: '0.0.1', catalogue: home.catalogue }
    await assert.rejects(ensureDistribution(request), { kind: 'invalid', code: 'Version.Unknown' })
  })
})
