import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readMachineTypes } from './machine-types.ts'

const shipped = join(import.meta.dirname, '../../machine-types.json')

test('gives a provider its own machine types, with room for the heap', () => {
  const types = readMachineTypes(shipped, 'local')
  assert.deepEqual(
    types.map(({ id, akuPerNode }) => [id, akuPerNode]),
    [['local.small', 2]],
  )
  for (const { memoryMiB, heapMiB } of types) assert.ok(heapMiB < memoryMiB)
  assert.deepEqual(readMachineTypes(shipped, 'nowhere'), [])
})
