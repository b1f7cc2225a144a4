import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceId } from '../../domain/id.ts'
import { isSameProcess, signalProcess } from '../../machine/process-identity.ts'
import { askToStop } from './look-at-node.ts'
import { listNodeProcesses } from './node-processes.ts'
import type { NodeProcess } from './node-processes.ts'
import { readRecord } from './node-record.ts'

export type StoppedNode = { instanceId: string; kafkaId: number; pid: number; wasForced: boolean }

/**
 * Stops every node of a home, politely first, by force after the grace. For `npm run stop`: it passes no fence, so Millrace must
 * not run on the home meanwhile. Nodes and data stay; the next Millrace starts them again.
 */
export async function stopHome(options: { home: string; homeId: string; graceMs: number }): Promise<StoppedNode[]> {
  const { home, homeId, graceMs } = options
  const nodes = await listNodeProcesses(`${homeId}/`)
  await Promise.all(nodes.map((node) => askOne(home, node, graceMs)))
  return Promise.all(nodes.map((node) => awaitEnd(node, Date.now() + graceMs)))
}

async function askOne(home: string, node: NodeProcess, graceMs: number): Promise<void> {
  const place = { home, ...identityIn(node) }
  const record = await readRecord(place)
  await askToStop(place, { record, process: node }, graceMs)
  // Asked before and still there: once more does no harm.
  await signalProcess(node, 'SIGTERM')
}

function identityIn({ mark }: NodeProcess): { instanceId: InstanceId; kafkaId: number } {
  const [, instanceId, kafkaId] = mark.split('/')
  return { instanceId: instanceId as InstanceId, kafkaId: Number(kafkaId) }
}

const betweenLooksMs = 50

async function awaitEnd(node: NodeProcess, deadline: number): Promise<StoppedNode> {
  let wasForced = false
  while (await isSameProcess(node)) {
    if (Date.now() > deadline) {
      wasForced = true
      await signalProcess(node, 'SIGKILL')
    }
    await delay(betweenLooksMs)
  }
  return { ...identityIn(node), pid: node.pid, wasForced }
}
