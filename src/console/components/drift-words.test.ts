import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DriftItem } from '../api-types.ts'
import { countWords, namesOf, outlookOf, sidesOf, subjectOf, whyNotWay } from './drift-words.ts'

const yes = { allowed: true, why: null }
const no = (why: string) => ({ allowed: false, why })

const threads: DriftItem = {
  id: 'node-settings:2:num.io.threads',
  kind: 'node-settings',
  kafkaId: 2,
  key: 'num.io.threads',
  is: '3',
  shouldBe: null,
  isSecret: false,
  adopt: yes,
  revert: yes,
}
const cleaner: DriftItem = { ...threads, key: 'log.cleaner.threads', adopt: no('Holds for one.') }
const unknown: DriftItem = { ...threads, key: null, is: null }
const stranger: DriftItem = {
  ...threads,
  kind: 'foreign-broker',
  kafkaId: 9,
  key: null,
  is: 'alive broker',
  adopt: no('Not made here.'),
  revert: no('Stop it first.'),
}

describe('the words of drift', () => {
  it('say what it is and where it was found', () => {
    assert.deepEqual(subjectOf(threads), {
      name: 'num.io.threads',
      isKey: true,
      place: 'Node 2, as it was started',
    })
    assert.deepEqual([subjectOf(stranger).name, subjectOf(stranger).isKey], ['Broker 9', false])
  })

  it('say what is not there', () => {
    assert.equal(sidesOf(threads).shouldBeNone, 'not set')
    assert.equal(sidesOf(stranger).shouldBeNone, 'not there')
    assert.equal(sidesOf(unknown).isNone, 'nobody knows')
  })

  it('count and name the first of them, each once', () => {
    assert.equal(countWords(1), '1 thing is not as this Instance says')
    assert.equal(countWords(2), '2 things are not as this Instance says')
    assert.equal(namesOf([threads, { ...threads, kafkaId: 3 }]), 'num.io.threads')
    assert.equal(namesOf([threads, cleaner, stranger]), 'num.io.threads, log.cleaner.threads and Broker 9')
    const four = [threads, cleaner, stranger, unknown]
    assert.equal(namesOf(four), 'num.io.threads, log.cleaner.threads and 2 more')
  })

  it('say what can be done, and why not the rest', () => {
    assert.deepEqual(outlookOf(threads), { label: 'Adopt or revert', reasons: [] })
    assert.deepEqual(outlookOf(cleaner), { label: 'Revert only', reasons: ['Holds for one.'] })
    assert.deepEqual(outlookOf(stranger), { label: 'Nothing yet', reasons: ['Stop it first.', 'Not made here.'] })
  })

  it('say why what is ticked cannot go one way', () => {
    assert.equal(whyNotWay('adopt', []), 'Tick at least one thing.')
    assert.equal(whyNotWay('adopt', [threads]), undefined)
    assert.equal(whyNotWay('adopt', [cleaner]), 'It cannot be adopted.')
    assert.equal(whyNotWay('adopt', [threads, cleaner]), 'log.cleaner.threads cannot be adopted: untick it first.')
    const three = [threads, cleaner, { ...cleaner, kafkaId: 3 }]
    assert.equal(whyNotWay('adopt', three), '2 of the ticked cannot be adopted: untick them first.')
    assert.equal(whyNotWay('revert', three), undefined)
  })
})
