import assert from 'node:assert/strict'
import type { InstanceId } from '../../src/domain/id.ts'
import type { TestApp } from './app.ts'
import type { Client } from './client.ts'

/** The least that makes an Instance in the simulated environment, with whatever a test wants otherwise. */
export const newInstance = (otherwise: Record<string, unknown> = {}) => ({
  name: 'orders',
  version: '4.2.1',
  spec: { reservedAku: 3, networks: [{ zone: 'sim-a', subnet: 'subnet-sim-a' }] },
  features: {},
  ...otherwise,
})

/** The same with one thing laid over the spec, or over the features. */
export const withSpec = (spec: Record<string, unknown>) => newInstance({ spec: { ...newInstance().spec, ...spec } })
export const withFeatures = (features: Record<string, unknown>) => newInstance({ features })

/** Asks for an Instance; its id. Nothing has happened to it yet. */
export async function createInstance(client: Client, otherwise: Record<string, unknown> = {}): Promise<string> {
  const { status, body, text } = await client.post('/instances', newInstance(otherwise))
  assert.equal(status, 201, text)
  return body.instanceId
}

/** A Running one. */
export async function runInstance(app: TestApp, client: Client, otherwise: Record<string, unknown> = {}) {
  const id = await createInstance(client, otherwise)
  await app.settle()
  assert.equal((await client.get(`/instances/${id}`)).body.state, 'Running')
  return id
}

type Simulated = Pick<TestApp, 'simulated'>
type ByHand = { set: Record<string, string>; kafkaId?: number }

/** Sets broker settings past Millrace, as somebody with Kafka's own tools does: of the whole cluster, or of one broker. */
export async function setByHand({ simulated }: Simulated, id: string, { set, kafkaId }: ByHand): Promise<void> {
  const nodes = simulated.population.of(id as InstanceId)
  const brokers = nodes.map(({ spec }) => ({
    kafkaId: spec.kafkaId,
    host: spec.address,
    port: spec.security?.internalPort ?? spec.port,
  }))
  const whose = kafkaId === undefined ? {} : { kafkaId }
  await simulated.clusters.alterSettings(brokers, { set, remove: [] }, whose)
}

type Otherwise = { kafkaId: number; configs: Record<string, string> }

/** Somebody edited the file of a node and started it again. */
export function runOtherwise({ simulated }: Simulated, id: string, { kafkaId, configs }: Otherwise): void {
  const node = simulated.population.of(id as InstanceId).find(({ spec }) => spec.kafkaId === kafkaId)!
  simulated.adopt([{ ...node.spec, configs: { ...node.spec.configs, ...configs } }])
}
