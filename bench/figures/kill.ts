import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceId } from '../../src/domain/id.ts'
import { readHomeId } from '../../src/machine/home-lock.ts'
import { listNodeProcesses } from '../../src/providers/local/node-processes.ts'
import type { Database } from '../../src/store/database.ts'
import { listNodes } from '../../src/store/nodes.ts'
import { findOpenOperation } from '../../src/store/operations.ts'
import { newInstance } from '../api.ts'
import { seconds, type Figure } from '../figure.ts'
import { awaitGone, awaitRunning } from '../instances.ts'
import { makeHome, startMillrace, type Millrace } from '../millrace.ts'
import { leaseEpochOf, openDatabaseOf, traceOf } from '../trace.ts'

/** kill -9 of Millrace as soon as an Operation on real nodes comes to a step, for every step; then a start, and the rest of the way. */
export const kill: Figure = {
  name: 'kill',
  what: 'kill -9 at any step, restart: the Operation moves again',
  mustReach: '≤ 5 s, no second node process, nothing left over',
  limitSeconds: 400,

  async measure() {
    const home = await makeHome()
    let millrace = await startMillrace({ provider: 'local', home })
    const notes: string[] = []
    const times: number[] = []
    const faults: string[] = []
    try {
      for (const lives of plan) {
        const { instanceId } = await millrace.api.send<{ instanceId: InstanceId }>(
          'POST',
          '/instances',
          newInstance('local'),
        )
        for (const step of ['create', 'delete'] as const) {
          if (step === 'delete') await millrace.api.send('DELETE', `/instances/${instanceId}`)
          const killed = await killAt(millrace, instanceId, lives[step])
          millrace = killed.millrace
          notes.push(killed.words)
          if (killed.movedMs !== undefined) times.push(killed.movedMs)
          if (step === 'create') await awaitRunning(millrace.api, instanceId)
          else await awaitGone(millrace.api, instanceId)
          faults.push(...(await faultsOf(home, instanceId, step === 'create' ? 3 : 0)))
        }
      }
    } finally {
      millrace.api.close()
      await millrace[Symbol.asyncDispose]()
    }
    const longest = Math.max(...times)
    return {
      value: `${seconds(longest)} at most, ${faults.length === 0 ? 'nothing twice or left over' : faults.join('; ')}`,
      met: longest <= 5_000 && faults.length === 0,
      notes,
    }
  },
}

/** One life of an Instance for each step of its create, with a step of its delete. */
const plan = [
  { create: 'fetch-distribution', delete: 'release-nodes' },
  { create: 'ensure-nodes', delete: 'verify-gone' },
  { create: 'await-nodes', delete: 'release-nodes' },
  { create: 'verify', delete: 'verify-gone' },
]

type Killed = { millrace: Millrace; words: string; movedMs?: number }

async function killAt(millrace: Millrace, instanceId: InstanceId, step: string): Promise<Killed> {
  const db = await openDatabaseOf(millrace.home)
  try {
    const operation = await comesTo(db, instanceId, step)
    if (!operation) return { millrace, words: `${step}: over before it could be killed there` }
    await millrace.kill()
    millrace.api.close()
    const [before, epoch] = [await traceOf(db, operation.id), await leaseEpochOf(db, operation.id)]
    const begun = performance.now()
    const restarted = millrace.restart()
    restarted.catch(() => {})
    while ((await leaseEpochOf(db, operation.id)) === epoch) await delay(5)
    const takenMs = performance.now() - begun
    while ((await traceOf(db, operation.id)) === before) await delay(5)
    const movedMs = performance.now() - begun
    const words = `${step}: taken ${seconds(takenMs)} after the start, moves after ${seconds(movedMs)}`
    return { millrace: await restarted, words, movedMs }
  } finally {
    await db.destroy()
  }
}

type Operation = NonNullable<Awaited<ReturnType<typeof findOpenOperation>>>

/** The Operation, once it stands at the step; nothing when it is over without having been seen there. */
async function comesTo(db: Database, instanceId: InstanceId, step: string): Promise<Operation | undefined> {
  for (;;) {
    const operation = await findOpenOperation(db, instanceId)
    if (!operation || operation.step === step) return operation
  }
}

/** Two processes of one node, nodes of an Instance that is gone, folders and addresses that were not given back. */
async function faultsOf(home: string, instanceId: InstanceId, expected: number): Promise<string[]> {
  const processes = await listNodeProcesses(`${await readHomeId(home)}/${instanceId}/`)
  const faults: string[] = []
  if (processes.length !== expected) faults.push(`${processes.length} processes instead of ${expected}`)
  if (expected > 0) return faults
  const folders = await readdir(join(home, 'nodes'))
  if (folders.includes(instanceId)) faults.push(`the folder of ${instanceId} is left`)
  const db = await openDatabaseOf(home)
  const rows = await listNodes(db, instanceId).finally(() => db.destroy())
  if (rows.length > 0) faults.push(`${rows.length} addresses were not given back`)
  return faults
}
