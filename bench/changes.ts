import { setTimeout as delay } from 'node:timers/promises'
import type { Api } from './api.ts'

/** Changes of a running Instance by the API, as a client asks for them and waits for them. */
export type Change = { restart: 'all' } | { reservedAku: number } | { version: string; soakSeconds: number }

export const nameOf = (change: Change): string => {
  if ('restart' in change) return 'roll'
  return 'version' in change ? `to ${change.version}` : `to ${change.reservedAku} AKU`
}

type OperationView = {
  operationId: string
  status: string
  step: string
  waitingReason: string | null
  error: unknown
  steps: { name: string; startedAt: string; endedAt: string | null }[]
}

/** Often enough to tell the seconds of a change, and too seldom to be felt by what is measured on the same processors. */
const betweenLooksMs = 200

/** The id of the Operation that carries it out. */
export async function beginChange(api: Api, instanceId: string, change: Change): Promise<string> {
  const { currentOperation } = await api.send<{ currentOperation: OperationView | null }>(
    ...requestFor(instanceId, change),
  )
  if (!currentOperation) throw new Error(`no Operation was begun for ${nameOf(change)}`)
  return currentOperation.operationId
}

function requestFor(instanceId: string, change: Change): [string, string, unknown] {
  if ('restart' in change) return ['POST', `/instances/${instanceId}:restart`, {}]
  if ('reservedAku' in change) return ['PATCH', `/instances/${instanceId}`, { spec: change }]
  const { version, soakSeconds } = change
  return ['PATCH', `/instances/${instanceId}`, { version, operation: { finalize: 'automatic', soakSeconds } }]
}

export const getOperation = (api: Api, operationId: string) =>
  api.send<OperationView>('GET', `/operations/${operationId}`)

/** Throws when it ends in any other way than well. */
export async function awaitSucceeded(
  api: Api,
  operationId: string,
  onStep: (step: string) => Promise<void> = async () => {},
): Promise<OperationView> {
  let step = ''
  for (;;) {
    const operation = await getOperation(api, operationId)
    if (operation.status === 'Succeeded') return operation
    if (endsIll.includes(operation.status))
      throw new Error(`Operation ${operationId} is ${operation.status} at ${operation.step}: ${wordsOf(operation)}`)
    if (operation.step !== step) await onStep(operation.step)
    step = operation.step
    await delay(betweenLooksMs)
  }
}

const endsIll = ['Paused', 'Cancelling', 'Cancelled', 'Failed']
const wordsOf = ({ error, waitingReason }: OperationView) => JSON.stringify(error ?? waitingReason)

/** No Operation is at work on the Instance. */
export async function awaitQuiet(api: Api, instanceId: string): Promise<void> {
  const path = `/instances/${instanceId}`
  while ((await api.send<{ currentOperation: unknown }>('GET', path)).currentOperation) await delay(betweenLooksMs)
}

export type Timed = { ms: number; operation: OperationView }

/** Milliseconds from the request until it has succeeded. */
export async function changeTimed(
  api: Api,
  instanceId: string,
  { change, onStep }: { change: Change; onStep?: (step: string) => Promise<void> },
): Promise<Timed> {
  const begun = performance.now()
  const operation = await awaitSucceeded(api, await beginChange(api, instanceId, change), onStep)
  return { ms: performance.now() - begun, operation }
}
