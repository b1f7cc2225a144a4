import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Distribution } from './installed-distribution.ts'
import { javaArguments, javaEnvironment } from './java-command.ts'

const distribution: Distribution = {
  version: '4.3.1',
  java: { program: 'java', version: '17' },
  libs: '/srv/kafka/4.3.1/libs',
  logging: 'log4j2',
  loggingConfig: '/srv/kafka/logging/log4j2.properties',
  classArchive: null,
}
const command = { distribution, heapMiB: 256, logFolder: '/node/log', propertiesFile: '/node/server.properties' }

test('hands nothing of our environment to a node but what it needs', () => {
  const ours = {
    PATH: '/bin',
    JAVA_HOME: '/java',
    DATABASE_URL: 'postgres://secret',
    MILLRACE_INITIAL_PASSWORD: 'secret',
  }
  assert.deepEqual(javaEnvironment(ours), { PATH: '/bin', JAVA_HOME: '/java', LANG: 'C.UTF-8' })
})

test('ends with the main class and its settings, all flags before', () => {
  const line = javaArguments({ ...command, flags: ['-Dx=y'] })
  assert.deepEqual(line.slice(-5), [
    '-Dx=y',
    '-cp',
    '/srv/kafka/4.3.1/libs/*',
    'kafka.Kafka',
    '/node/server.properties',
  ])
})

test('uses a class archive where there is one', () => {
  const line = javaArguments({ ...command, distribution: { ...distribution, classArchive: '/a.jsa' } })
  assert.ok(line.includes('-XX:SharedArchiveFile=/a.jsa'))
  assert.ok(!javaArguments(command).some((flag) => flag.startsWith('-XX:SharedArchiveFile')))
})

test('gives new objects a third of the heap, and the old ones room before they are compacted', () => {
  assert.deepEqual(
    javaArguments(command).filter((flag) => flag.startsWith('-Xm')),
    ['-Xms179m', '-Xmn77m', '-Xmx256m'],
  )
})

test('ends a node whose heap is exhausted', () => {
  assert.ok(javaArguments(command).includes('-XX:+ExitOnOutOfMemoryError'))
})
