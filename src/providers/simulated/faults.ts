import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'

/**
 * What can go wrong in the simulated world. A test or a demonstration adds faults to the world's list; a person who has only
 * the API gives an Instance the Kafka setting `simulated.fault` with the name of a trouble, and its nodes have it.
 */

/**
 * Of a node. `refused`: the provider refuses to make it. `never-starts`: its process ends when it should be ready. `hangs`: its
 * process runs and answers nothing. `lags`: it answers and is in sync with nothing. `stays`: it cannot be removed. `no-canary`:
 * it answers, but no record gets through. `deaf`: it answers nodes and Millrace, and no clients. `no-metrics`, `no-plain`: it was
 * started without the exporter, or without the check of passwords of SASL PLAIN. `keeps-certificate`: it reads new certificates
 * only at a start. `refuses-certificate`: it takes no others than it shows.
 */
export const troubles = [
  'refused',
  'never-starts',
  'hangs',
  'lags',
  'stays',
  'no-canary',
  'deaf',
  'no-metrics',
  'no-plain',
  'keeps-certificate',
  'refuses-certificate',
] as const
export type Trouble = (typeof troubles)[number]

export const troubleSetting = 'simulated.fault'

export const troubleNamed = (name: string | undefined): Trouble | null =>
  troubles.find((trouble) => trouble === name) ?? null

export const worldCalls = [
  'describeEnvironment',
  'machineTypes',
  'prepareVersion',
  'ensureNode',
  'inspectNodes',
  'stopNode',
  'removeNode',
  'ping',
  'observe',
  'canary',
  'askListener',
  'statistics',
  'scrape',
  'minInSync',
  'replicas',
  'reassign',
  'listReassignments',
  'cancelReassignments',
  'electPreferredLeaders',
  'throttleMoves',
  'liftThrottle',
  'features',
  'finalizeFeatures',
  'registeredBrokers',
  'unregisterBroker',
  'cordon',
  'describeSettings',
  'alterSettings',
  'renewStores',
  'renewVerifiers',
  'reloadCertificates',
  'shownCertificate',
  'asksForAuthority',
] as const
export type WorldCall = (typeof worldCalls)[number]

/** Of a call to the provider or to Kafka. Without an Instance or a node: of every one. */
export type CallFault = {
  call: WorldCall
  instanceId?: InstanceId
  kafkaId?: number
  /** `fails`: nothing happens and the caller is told so. `loses-answer`: it happens and the caller is told that it failed. */
  effect: 'fails' | 'loses-answer' | { hangsMs: number }
  /** How many calls it spoils; Infinity: all until it is taken away. */
  times: number
}

/** Whom a call is about, as far as the call says. */
export type CallSubject = { instanceId?: InstanceId | undefined; kafkaId?: number }

export type Faults = {
  add(fault: CallFault): void
  clear(): void
  /** Runs the call through the faults that wait for it. */
  strike<T>(call: WorldCall, subject: CallSubject, work: () => T | Promise<T>): Promise<T>
}

/** `sleep` is what a call that hangs waits with. */
export function makeFaults(sleep: (ms: number) => Promise<void>): Faults {
  const list: CallFault[] = []

  const take = (call: WorldCall, subject: CallSubject): CallFault | undefined => {
    const fault = list.find((one) => one.times > 0 && isAbout(one, call, subject))
    if (fault) fault.times--
    return fault
  }

  return {
    add: (fault) => void list.push({ ...fault }),
    clear: () => void list.splice(0),
    async strike(call, subject, work) {
      const effect = take(call, subject)?.effect
      if (effect === 'fails') throw failed(call)
      if (typeof effect === 'object') await sleep(effect.hangsMs)
      const answer = await work()
      if (effect === 'loses-answer') throw failed(call)
      return answer
    },
  }
}

function isAbout(fault: CallFault, call: WorldCall, subject: CallSubject): boolean {
  return (
    fault.call === call &&
    (fault.instanceId === undefined || fault.instanceId === subject.instanceId) &&
    (fault.kafkaId === undefined || fault.kafkaId === subject.kafkaId)
  )
}

const failed = (call: WorldCall) =>
  new AppError('unavailable', 'Simulated.Fault', `The simulated world was told to fail ${call}.`)
