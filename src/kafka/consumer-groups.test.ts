import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiKeys, listedGroups, makeScriptedBroker } from '../../test/harness/scripted-broker.ts'
import { listGroups } from './consumer-groups.ts'

const stillLoads = 14

test('groups are listed with words for those that nobody tells of', async () => {
  const billing = [{ groupId: 'billing', type: 'Classic' }]
  await using first = await makeScriptedBroker(1, { [apiKeys.listGroups]: () => listedGroups(billing) })
  await using second = await makeScriptedBroker(2, { [apiKeys.listGroups]: () => listedGroups([], stillLoads) })
  const whole = await listGroups([first])
  assert.deepEqual(whole, {
    groups: [{ groupId: 'billing', state: 'Empty', type: 'classic', coordinator: 1 }],
    problem: null,
  })
  const { groups, problem } = await listGroups([first, second])
  assert.deepEqual(groups, whole.groups)
  assert.match(problem!, /node 2 .* Groups that it looks after are missing\.$/)
  await assert.rejects(listGroups([second]), { kind: 'unavailable' })
})
