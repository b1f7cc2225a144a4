import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, draftOf, draftProblems, exporterFieldErrors, wouldShowSecret } from './exporter-draft.ts'

const endPoint = 'http://10.0.0.1:9090/api/v1/write'
const stands = { endPoint, authType: 'basic' as const, username: 'me' }

test('sends the chosen way to sign in alone, and no empty secret', () => {
  const draft = { ...draftOf(stands), token: 'left over', labels: [{ name: '', value: '' }] }
  assert.deepEqual(bodyOf(draft), { enabled: true, endPoint, authType: 'basic', username: 'me' })
  assert.deepEqual(bodyOf({ ...draft, authType: 'bearer' }), {
    enabled: true,
    endPoint,
    authType: 'bearer',
    token: 'left over',
  })
})

test('shows what is wrong where it can be put right', () => {
  const draft = { ...draftOf(null), authType: 'bearer', labels: [{ name: 'node', value: 'x' }] }
  const errors = exporterFieldErrors(draftProblems(draft, null))
  assert.deepEqual(Object.keys(errors).toSorted(), ['endPoint', 'labels.0.name', 'token'])
  assert.deepEqual(draftProblems(draftOf(stands), stands), [])
})

test('warns of a sign-in that others could read', () => {
  const draft = draftOf(stands)
  assert.ok(wouldShowSecret(draft))
  assert.ok(!wouldShowSecret({ ...draft, authType: 'noauth' }))
  assert.ok(!wouldShowSecret({ ...draft, endPoint: 'https://10.0.0.1/write' }))
  assert.ok(!wouldShowSecret({ ...draft, endPoint: 'http://127.0.0.1:9090/write' }))
})
