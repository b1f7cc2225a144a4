import assert from 'node:assert/strict'
import { test } from 'node:test'
import { javaVersionIn } from './java.ts'

const answers: [answer: string, version: string | undefined][] = [
  [
    'openjdk version "17.0.15"\nOpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)',
    '17.0.15+6-Debian-1deb12u1',
  ],
  ['openjdk version "21" 2023-09-19\nOpenJDK Runtime Environment (build 21+35-2513)', '21+35-2513'],
  ['java version "1.8.0_392"', '1.8.0_392'],
  ['command not found', undefined],
]

for (const [answer, version] of answers) {
  test(`reads ${version ?? 'no version'}`, () => assert.equal(javaVersionIn(answer), version))
}
