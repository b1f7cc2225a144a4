import { setTimeout as delay } from 'node:timers/promises'
import { newInstance, type Api } from './api.ts'

/** Instances by the API, as a client makes them, waits for them and deletes them. */
type View = { instanceId: string; state: string; stateReason: string | null }

const betweenLooksMs = 20

/** Milliseconds from the request to Running. */
export async function createTimed(api: Api, zones: string, more: object = {}): Promise<{ id: string; ms: number }> {
  const begun = performance.now()
  const { instanceId: id } = await api.send<View>('POST', '/instances', newInstance(zones, more))
  await awaitRunning(api, id)
  return { id, ms: performance.now() - begun }
}

export async function awaitRunning(api: Api, id: string): Promise<void> {
  for (;;) {
    const { state, stateReason } = await api.send<View>('GET', `/instances/${id}`)
    if (state === 'Running') return
    if (state === 'Error') throw new Error(`Instance ${id} is in Error: ${stateReason}`)
    await delay(betweenLooksMs)
  }
}

/** Milliseconds from the request until the Instance is gone. */
export async function deleteTimed(api: Api, id: string): Promise<number> {
  const begun = performance.now()
  await api.send('DELETE', `/instances/${id}`)
  await awaitGone(api, id)
  return performance.now() - begun
}

export async function awaitGone(api: Api, id: string): Promise<void> {
  while ((await api.status('GET', `/instances/${id}`)) !== 404) await delay(betweenLooksMs)
}
