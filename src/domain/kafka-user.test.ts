import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  anchorUser,
  halfChanged,
  passwordFrom,
  undoneCause,
  userNameProblem,
  userPasswordProblem,
} from './kafka-user.ts'

describe("a user's name", () => {
  for (const name of [
    'svc-orders',
    'team.shop_1',
    'abcd',
    'x'.repeat(64),
    'shop:orders',
    'me@example.com',
    'svc user',
    'größe',
  ])
    test(`may be ${name.slice(0, 20)}`, () => assert.equal(userNameProblem(name), undefined))
  const ends = [' abc', 'abc ', 'a\tbc', 'a\nbc', 'a\u00a0bc', 'a\u200bbc']
  const outside = [
    'a/b-c',
    'what?',
    'a#bc',
    '50%-off',
    'a,bc',
    'a;bc',
    'a+bc',
    'a&bc',
    'a|bc',
    'a*bc',
    'a"bc',
    "a'bc",
    'a\\bc',
    'a$bc',
  ]
  for (const name of ['abc', 'x'.repeat(65), ...ends, ...outside, ''])
    test(`is not "${name.slice(0, 20)}"`, () => assert.match(userNameProblem(name)!, /4 to 64/))

  test('is not what rules have before it', () => assert.match(userNameProblem('User:orders')!, /without "User:"/))

  test('is not one that clients would not agree on', () => {
    assert.match(userNameProblem('re\ufb01ll')!, /plain characters/)
    assert.match(userNameProblem('gro\u0308\u00dfe')!, /plain characters/)
  })

  test('is not what Kafka calls those who do not sign in', () =>
    assert.match(userNameProblem('ANONYMOUS')!, /another name/))

  test('is not that of the user who comes first in every hash map of Java', () => {
    const javaHash = [...anchorUser].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, 0)
    assert.equal(javaHash, 0)
    assert.match(userNameProblem(anchorUser)!, /another name/)
  })
})

describe("a user's password", () => {
  for (const password of [
    'abcd',
    'not-a-real-password-1',
    'with "quotes" \\ and = ;',
    'naïve',
    '密码密码',
    '🐎'.repeat(64),
  ])
    test(`may be ${password.slice(0, 30)}`, () => assert.equal(userPasswordProblem(password), undefined))
  for (const password of ['abc', 'x'.repeat(65), 'nai\u0308ve', 'tab\there', 'a\u00adbcd', 'a\u00a0bcd', '🐎🐎🐎'])
    test(`is not ${JSON.stringify(password.slice(0, 30))}`, () =>
      assert.match(userPasswordProblem(password)!, /password/))

  test('that Millrace makes satisfies its own rule, and differs with the bytes', () => {
    const [one, other] = [passwordFrom(new Uint8Array(32)), passwordFrom(new Uint8Array(32).fill(255))]
    assert.equal(userPasswordProblem(one), undefined)
    assert.equal(one.length, 32)
    assert.notEqual(one, other)
    assert.throws(() => passwordFrom(new Uint8Array(31)), RangeError)
  })
})

test('a change that came half-way says why, and that alone once nothing of it is left', () => {
  const cause = new Error('the node is gone')
  const half = halfChanged('SCRAM takes it', cause)
  assert.match(half.message, /^SCRAM takes it: the node is gone.* once more\.$/)
  assert.equal(undoneCause(half), cause)
  assert.equal(undoneCause(cause), cause)
})
