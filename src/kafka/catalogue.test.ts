import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { recommendedVersion } from '../domain/version.ts'
import { catalogueProblems, readCatalogue } from './catalogue.ts'

const shipped = readCatalogue(join(import.meta.dirname, '../../kafka-versions.json'))

test('ships five versions of which the newest is recommended', () => {
  assert.deepEqual(
    shipped.versions.map(({ version }) => version),
    ['3.9.2', '4.0.2', '4.1.2', '4.2.1', '4.3.1'],
  )
  assert.equal(recommendedVersion(shipped).version, '4.3.1')
})

test('leads every version to the recommended one in one roll, and none back', () => {
  const names = shipped.versions.map(({ version }) => version)
  for (const { version, upgradableTo, recommended } of shipped.versions) {
    assert.ok(recommended || upgradableTo.includes('4.3.1'), version)
    assert.ok(
      upgradableTo.every((target) => names.indexOf(target) > names.indexOf(version)),
      version,
    )
  }
})

test('names what is unsound', () => {
  const [first, second] = shipped.versions
  const versions = [{ ...first!, upgradableTo: ['9.9.9'] }, first!, { ...second!, upgradableTo: [] }]
  assert.deepEqual(catalogueProblems({ versions }), [
    '3.9.2 is there twice',
    'exactly one version is recommended, not 0',
    '3.9.2 cannot go to 9.9.9',
    '3.9.2 cannot go to 4.1.2, 4.2.1, 4.3.1',
  ])
})

test('refuses a file of another shape, naming the file and the field', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-catalogue-'))
  const path = join(folder, 'versions.json')
  try {
    writeFileSync(path, JSON.stringify({ versions: [{ version: 'latest', recommended: true }] }))
    assert.throws(() => readCatalogue(path), /versions\.json is not a catalogue.*three numbers/s)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
