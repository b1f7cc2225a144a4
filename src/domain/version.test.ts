import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findVersion, recommendedVersion, upgradeTargets, whyNotUpgrade, type KafkaVersion } from './version.ts'

const version = (name: string, recommended = false): KafkaVersion => ({
  version: name,
  recommended,
  endOfLife: false,
  upgradableTo: [],
  leastMillrace: '0.1.0',
})

describe('the catalogue of versions', () => {
  const catalogue = { versions: [version('3.9.2'), version('4.3.1', true), version('4.0.2')], millrace: '0.1.0' }

  test('finds a version by its exact name', () => {
    assert.equal(findVersion(catalogue, '4.0.2')?.version, '4.0.2')
    for (const unknown of ['4.0', '4.0.20', ' 4.0.2', '']) assert.equal(findVersion(catalogue, unknown), undefined)
  })

  test('names the one that is recommended', () => assert.equal(recommendedVersion(catalogue).version, '4.3.1'))

  test('must recommend exactly one', () => {
    assert.throws(() => recommendedVersion({ versions: [version('4.0.2')], millrace: '0.1.0' }), /exactly one/)
    assert.throws(
      () => recommendedVersion({ versions: [version('1', true), version('2', true)], millrace: '0.1.0' }),
      /exactly one/,
    )
  })
})

describe('the way from one version to another', () => {
  const to = (name: string, targets: string[], leastMillrace = '0.1.0') => ({
    ...version(name),
    upgradableTo: targets,
    leastMillrace,
  })
  // The numbers say nothing: 2.0 is the end of the line here.
  const catalogue = {
    millrace: '0.9.1',
    versions: [
      to('3.9', ['4.0', '4.9']),
      to('4.0', ['5.0']),
      to('5.0', ['2.0']),
      to('2.0', []),
      to('4.9', [], '0.10.0'),
    ],
  }
  const cases: [string, string, RegExp | null][] = [
    ['3.9', '4.0', null],
    ['5.0', '2.0', null],
    ['4.0', '3.9', /comes before.*no way back/],
    ['2.0', '5.0', /comes before/],
    ['3.9', '5.0', /upgrade to 4\.0 first/],
    ['3.9', '2.0', /no tested way/],
    ['3.9', '4.9', /needs Millrace 0\.10\.0 or later, and this is 0\.9\.1\. Upgrade Millrace first/],
    ['3.9', '9.9', /no version "9\.9" here; there are 3\.9, /],
  ]
  for (const [from, target, why] of cases) {
    test(`${from} to ${target}: ${why ? 'refused' : 'open'}`, () => {
      const answer = whyNotUpgrade({ from, to: target }, catalogue)
      if (why) assert.match(answer ?? '', why)
      else assert.equal(answer, null)
    })
  }

  test('lists every other version with the answer', () => {
    const targets = upgradeTargets('3.9', catalogue)
    assert.deepEqual(
      targets.map((target) => [target.version, target.allowed]),
      [
        ['4.0', true],
        ['5.0', false],
        ['2.0', false],
        ['4.9', false],
      ],
    )
    for (const { allowed, why } of targets) assert.equal(why === null, allowed)
  })
})
