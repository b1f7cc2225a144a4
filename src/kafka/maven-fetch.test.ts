import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mavenTrouble } from './maven-fetch.ts'
import { mavenPom } from './maven-pom.ts'

const cases: { name: string; error: object; output: string; words: RegExp }[] = [
  { name: 'Maven is missing', error: { code: 'ENOENT' }, output: '', words: /apt-get install maven/ },
  { name: 'Maven hangs', error: { killed: true }, output: '', words: /took too long/ },
  { name: 'the disk is full', error: { code: 1 }, output: '[ERROR] x: No space left on device', words: /disk is full/ },
  {
    name: 'the version does not exist',
    error: { code: 1 },
    output: '[ERROR] Could not find artifact org.apache.kafka:kafka-tools:jar:4.4.0 in central',
    words: /no Kafka 4\.4\.0.*kafka-tools/,
  },
  {
    name: 'the network is away',
    error: { code: 1 },
    output: '[ERROR] Could not transfer artifact x from/to central: Connect timed out',
    words: /cannot reach its repository.*settings\.xml/,
  },
  { name: 'it is something else', error: { code: 1 }, output: '[ERROR] odd thing', words: /^odd thing$/ },
]

for (const { name, error, output, words } of cases) {
  test(`says what to do when ${name}`, () => assert.match(mavenTrouble('Kafka 4.4.0', error, output), words))
}

test('asks for the server, its tools and a logging backend', () => {
  const pom = mavenPom('4.3.1')
  for (const artifact of ['kafka_2.13', 'kafka-tools', 'log4j-slf4j-impl'])
    assert.ok(pom.includes(`<artifactId>${artifact}<`))
  assert.equal(pom.match(/<version>4\.3\.1</g)?.length, 2)
})

test('gives Kafka 3 the logging backend of its generation', () => {
  assert.ok(mavenPom('3.9.2').includes('<artifactId>slf4j-reload4j<'))
  assert.ok(!mavenPom('3.9.2').includes('log4j-core'))
})
