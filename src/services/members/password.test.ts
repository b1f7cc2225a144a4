import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hashPassword, isPassword, passwordProblem } from './password.ts'

describe('a kept password', () => {
  test('is recognised, and nothing else is', async () => {
    const hash = await hashPassword('Water-wheel-7')
    assert.equal(await isPassword('Water-wheel-7', hash), true)
    assert.equal(await isPassword('water-wheel-7', hash), false)
    assert.equal(await isPassword('', hash), false)
  })

  test('has a salt of its own and names its costs', async () => {
    const [first, second] = await Promise.all([hashPassword('Water-wheel-7'), hashPassword('Water-wheel-7')])
    assert.notEqual(first, second)
    assert.match(first, /^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  })

  test('is the same however a keyboard composes its letters', async () => {
    assert.equal(await isPassword('Mu\u0308hlrad-7', await hashPassword('M\u00fchlrad-7')), true)
  })

  for (const damaged of ['', 'scrypt', 'bcrypt$1$2$3$4$5', 'scrypt$16384$8$1$$']) {
    test(`refuses everybody when the hash is ${JSON.stringify(damaged)}`, async () => {
      assert.equal(await isPassword('Water-wheel-7', damaged), false)
    })
  }
})

describe('the rule for a new password', () => {
  for (const good of ['Water-wheel-7', '1234567a!', 'пароль-12', `a1!${'x'.repeat(125)}`]) {
    test(`takes ${good.slice(0, 20)}`, () => assert.equal(passwordProblem(good), undefined))
  }

  const refused: [string, RegExp][] = [
    ['a1!', /8 to 128 characters; this one has 3/],
    [`a1!${'x'.repeat(126)}`, /this one has 129/],
    ['abcdefgh1', /one other character/],
    ['abcdefgh!', /one digit/],
    ['12345678!', /one letter/],
  ]
  for (const [password, words] of refused) {
    test(`refuses ${password.slice(0, 20)}`, () => assert.match(passwordProblem(password) ?? '', words))
  }
})
