import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findVersion, recommendedVersion, type KafkaVersion } from './version.ts'

const version = (name: string, recommended = false): KafkaVersion => ({
  version: name,
  recommended,
  endOfLife: false,
  upgradableTo: [],
  leastMillrace: '0.1.0',
})

describe('the catalogue of versions', () => {
  const catalogue = { versions: [version('3.9.2'), version('4.3.1', true), version('4.0.2')] }

  test('finds a version by its exact name', () => {
    assert.equal(findVersion(catalogue, '4.0.2')?.version, '4.0.2')
    for (const unknown of ['4.0', '4.0.20', ' 4.0.2', '']) assert.equal(findVersion(catalogue, unknown), undefined)
  })

  test('names the one that is recommended', () => assert.equal(recommendedVersion(catalogue).version, '4.3.1'))

  test('must recommend exactly one', () => {
    assert.throws(() => recommendedVersion({ versions: [version('4.0.2')] }), /exactly one/)
    assert.throws(() => recommendedVersion({ versions: [version('1', true), version('2', true)] }), /exactly one/)
  })
})
