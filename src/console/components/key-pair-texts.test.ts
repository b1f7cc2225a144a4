import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentText, providerText } from './key-pair-texts.ts'

const pair = { accessKey: 'MRABC', secretKey: 's3cret' }

test('the environment has the names that the Terraform provider reads', () => {
  const names = environmentText('https://millrace.example', pair).matchAll(/^export (\w+)=(\S+)$/gm)
  assert.deepEqual(
    [...names].map(([, name, value]) => [name, value]),
    [
      ['AUTOMQ_BYOC_ENDPOINT', 'https://millrace.example'],
      ['AUTOMQ_BYOC_ACCESS_KEY', 'MRABC'],
      ['AUTOMQ_BYOC_SECRET_KEY', 's3cret'],
    ],
  )
})

test('the configuration that is kept in files holds no secret', () => {
  const text = providerText('https://millrace.example', pair.accessKey)
  assert.match(text, /automq_byoc_secret_key {4}= var\.secret_key/)
  assert.ok(!text.includes(pair.secretKey))
})
