import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonIn } from './exit-reason.ts'

const node = { spec: { address: '127.0.1.4', port: 9092, controllerPort: 9093 } }

const cases: [log: string, words: RegExp][] = [
  ['', /ended from outside, without a word/],
  [
    '[x] ERROR Exiting Kafka due to fatal exception (kafka.Kafka$)\nKafkaException: Socket server failed to bind to /127.0.1.4:9092: Address already in use.',
    /Another program holds 127\.0\.1\.4:9092/,
  ],
  [
    'ERROR Shutdown broker because all log dirs in /d have failed\nIOException: No space left on device',
    /disk is full/,
  ],
  ['Terminating due to java.lang.OutOfMemoryError: Java heap space', /heap was too small/],
  ['There is insufficient memory for the Java Runtime Environment to continue.', /no memory left/],
  ['KafkaException: Failed to acquire lock on file .lock in /d.', /Another process uses its data folder/],
  ['IllegalArgumentException: No MetadataVersion with feature level 25.', /older than the data/],
  [
    'ConfigException: Invalid value x for configuration num.io.threads: Not a number',
    /refused its settings: Invalid value x/,
  ],
  ['INFO Terminating process due to signal SIGTERM', /signal from outside Millrace/],
  ['[t] ERROR Encountered fatal fault: odd (x)', /Kafka gave up: Encountered fatal fault: odd/],
]

for (const [log, words] of cases) {
  test(`reads "${log.slice(0, 60).split('\n')[0]}"`, () => assert.match(reasonIn(log, node), words))
}

test('ends every reason as a sentence', () => {
  for (const [log] of cases.slice(0, 7)) assert.match(reasonIn(log, node), /^[A-Z].*\.$/)
})
