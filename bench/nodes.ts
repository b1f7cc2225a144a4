import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstanceId } from '../src/domain/id.ts'
import { instanceFolder, listKafkaIds, namesIn, nodeFolder } from '../src/providers/local/node-folder.ts'
import { listNodeProcesses, nodeMark } from '../src/providers/local/node-processes.ts'

/** The nodes of an Instance as the machine has them, whatever Millrace thinks of them. */

/** kill -9. Throws when the node does not run: then nothing would have been tried. */
export async function killNode(homeId: string, instanceId: InstanceId, kafkaId: number): Promise<void> {
  const mark = nodeMark(homeId, instanceId, kafkaId)
  const processes = (await listNodeProcesses(mark)).filter((found) => found.mark === mark)
  if (processes.length === 0) throw new Error(`node ${kafkaId} does not run`)
  for (const { pid } of processes) process.kill(pid, 'SIGKILL')
}

/** Kafka ids of the living processes, one for each process: a double shows. */
export async function runningNodes(homeId: string, instanceId: InstanceId): Promise<number[]> {
  const processes = await listNodeProcesses(`${homeId}/${instanceId}/`)
  return processes.map(({ mark }) => Number(mark.split('/').at(-1))).toSorted((a, b) => a - b)
}

/** How often each node of the home has come up in its life, by what Kafka itself wrote down. */
export async function startsOf(home: string, instanceId: InstanceId): Promise<Map<number, number>> {
  const ids = await listKafkaIds(home, instanceId)
  const starts = await Promise.all(ids.map((kafkaId) => startsIn(nodeFolder({ home, instanceId, kafkaId }).log)))
  return new Map(ids.map((kafkaId, index) => [kafkaId, starts[index]!]))
}

async function startsIn(logFolder: string): Promise<number> {
  const names = (await namesIn(logFolder)).filter((name) => name.startsWith('server.log'))
  // A file may be rolled over, or go with its node, while we look.
  const texts = await Promise.all(names.map((name) => readFile(join(logFolder, name), 'utf8').catch(() => '')))
  return texts.join('').split('Kafka Server started').length - 1
}

/** Whether the machine still has anything of the Instance. */
export async function leftOf(home: string, homeId: string, instanceId: InstanceId): Promise<string[]> {
  const processes = await runningNodes(homeId, instanceId)
  const files = await namesIn(instanceFolder(home, instanceId))
  return [
    ...(processes.length > 0 ? [`processes of nodes ${processes.join(', ')}`] : []),
    ...(files.length > 0 ? [`folders ${files.join(', ')}`] : []),
  ]
}
