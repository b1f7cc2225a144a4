import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Tag } from './instance.ts'
import { tagLimits, tagProblems } from './tags.ts'

const tag = (name: string, value = ''): Tag => ({ name, value })
const many = (count: number) => Array.from({ length: count }, (_, index) => tag(`tag-${index}`))

describe('tags', () => {
  const right: Tag[][] = [
    [],
    [tag('team', 'platform'), tag('cost', '')],
    [tag('Team'), tag('team')],
    [tag('x'.repeat(tagLimits.nameLength), '值'.repeat(tagLimits.valueLength))],
    many(tagLimits.most),
  ]
  for (const tags of right) {
    test(`may be ${JSON.stringify(tags).slice(0, 60)}`, () => assert.deepEqual(tagProblems(tags), []))
  }

  const wrong: [tags: Tag[], path: string, says: RegExp][] = [
    [[tag('')], 'tags.0.name', /cannot be empty/],
    [[tag('a'), tag(' ')], 'tags.1.name', /cannot be empty/],
    [[tag('a'), tag('b'), tag('a', 'else')], 'tags.2.name', /"a" is given twice/],
    [[tag('x'.repeat(tagLimits.nameLength + 1))], 'tags.0.name', /at most 128 characters; this one has 129/],
    [[tag('a', '🚀'.repeat(tagLimits.valueLength + 1))], 'tags.0.value', /at most 256 characters; this one has 257/],
    [many(tagLimits.most + 1), 'tags', /at most 50 tags; these are 51/],
  ]
  for (const [tags, path, says] of wrong) {
    test(`have their problem at ${path}: ${says}`, () => {
      const [problem, ...others] = tagProblems(tags)
      assert.equal(problem?.path, path)
      assert.match(problem.message, says)
      assert.deepEqual(others, [])
    })
  }

  test('tell of every problem at once', () => {
    const paths = tagProblems([tag(''), tag('a', 'x'.repeat(300)), tag('a')]).map(({ path }) => path)
    assert.deepEqual(paths, ['tags.0.name', 'tags.1.value', 'tags.2.name'])
  })
})
