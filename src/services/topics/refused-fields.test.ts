import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import { withFields } from './refused-fields.ts'

const keys = ['cleanup.policy', 'retention.ms', 'colour']

/** As Kafka 4.3 writes it. */
const cases: [words: string, fields: string[]][] = [
  ['Unknown topic config name: colour', ['configs.2.key']],
  ['Invalid value soon for configuration retention.ms: Not a number of type LONG', ['configs.1.value']],
  ['Invalid value for configuration colour for configuration retention.ms: Not a number', ['configs.1.value']],
  [
    'Unable to replicate the partition 5 time(s): The target replication factor of 5 cannot be reached because only 3 broker(s) are registered',
    ['replicationFactor'],
  ],
  ['Invalid value 1 for configuration min.insync.replicas: it is the default of the cluster', []],
  ['Request parameters do not satisfy the configured policy', []],
]
for (const [words, fields] of cases) {
  test(`"${words.slice(0, 60)}…" is about ${fields.join() || 'no field of the request'}`, async () => {
    const refusal = new AppError('invalid', 'Topic.Refused', `Kafka does not create the topic orders: ${words}.`)
    await assert.rejects(withFields(keys, Promise.reject(refusal)), (thrown: AppError) => {
      assert.deepEqual([thrown.code, thrown.message], [refusal.code, refusal.message])
      assert.deepEqual(
        thrown.fields.map(({ path }) => path),
        fields,
      )
      return true
    })
  })
}

test('what passes by itself is about no field', async () => {
  const away = new AppError('unavailable', 'Kafka.NotNow', 'Unknown topic config name: colour')
  await assert.rejects(withFields(keys, Promise.reject(away)), away)
})
