import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accountNameProblem, descriptionProblem, environmentIdProblem, instanceNameProblem } from './names.ts'

describe('the name of an Instance', () => {
  const right = [
    'abc',
    'A-1',
    '_-_',
    '---',
    'orders_eu-1',
    '订单集群',
    // 𠮷 lies outside the basic plane: one letter to people, two units to JavaScript.
    '𠮷野家',
    'kafka集群-01',
    'x'.repeat(64),
    '𠮷'.repeat(64),
  ]
  for (const name of right) {
    test(`may be ${name.slice(0, 20)} (${[...name].length})`, () => assert.equal(instanceNameProblem(name), undefined))
  }

  const tooShortOrLong = ['', 'a', 'ab', '𠮷𠮷', '订单', 'x'.repeat(65), '𠮷'.repeat(65)]
  for (const name of tooShortOrLong) {
    test(`has 3 to 64 characters, not ${[...name].length}`, () => {
      assert.equal(
        instanceNameProblem(name),
        `A name has 3 to 64 characters; this one has ${[...name].length}.`,
        JSON.stringify(name),
      )
    })
  }

  const strange = [
    'a b',
    'a.b',
    'a/b',
    'abc\n',
    ' abc',
    'naïve',
    'каша',
    'ひらがな',
    'abc😀',
    'a%b',
    "abc'",
    'abc\0',
    '１２３',
  ]
  for (const name of strange) {
    test(`holds no other sign: ${JSON.stringify(name)}`, () =>
      assert.equal(instanceNameProblem(name), 'A name holds letters (Chinese included), digits, "_" and "-" only.'))
  }
})

describe('the remark of an Instance', () => {
  test('may be empty, of any letters, and 256 characters long', () => {
    for (const remark of ['', 'Orders of the shop\nin Europe 😀', 'x'.repeat(256), '𠮷'.repeat(256)])
      assert.equal(descriptionProblem(remark), undefined)
  })

  test('is not longer', () => {
    const message = 'A remark has at most 256 characters; this one has 257.'
    assert.equal(descriptionProblem('x'.repeat(257)), message)
    assert.equal(descriptionProblem('𠮷'.repeat(257)), message)
  })

  test('holds no NUL, which the database cannot keep', () => assert.match(descriptionProblem('a\0b') ?? '', /no NUL/))
})

describe('the id of an environment', () => {
  test('begins with a letter and has at most 32 letters, digits and dashes', () => {
    for (const id of ['e', 'env-local', 'Env-2', `e${'1'.repeat(31)}`])
      assert.equal(environmentIdProblem(id), undefined)
    for (const id of ['', '1env', '-env', 'env_local', 'env local', 'env\n', `e${'1'.repeat(32)}`])
      assert.match(environmentIdProblem(id) ?? '', /begins with a letter/, JSON.stringify(id))
  })
})

describe('the name of an account', () => {
  test('has 3 to 64 letters, digits, underscores and dashes', () => {
    for (const name of ['abc', 'Anna_B-2', 'x'.repeat(64)]) assert.equal(accountNameProblem(name), undefined)
    for (const name of ['', 'ab', 'x'.repeat(65), 'a b c', 'a/b/c', 'änne', 'abc\n'])
      assert.match(accountNameProblem(name) ?? '', /3 to 64 letters/, JSON.stringify(name))
  })

  test('is not the one under which Millrace itself acts', () => {
    for (const name of ['millrace', 'Millrace', 'MILLRACE'])
      assert.match(accountNameProblem(name) ?? '', /Millrace itself: choose another/)
    assert.equal(accountNameProblem('millrace-2'), undefined)
  })
})
