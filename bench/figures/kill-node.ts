import { setTimeout as delay } from 'node:timers/promises'
import { awaitSucceeded, beginChange, nameOf, type Change } from '../changes.ts'
import { seconds, type Figure } from '../figure.ts'
import { startLoadedInstance, verdictOf, type LoadedInstance } from '../loaded-instance.ts'
import { killNode, runningNodes } from '../nodes.ts'

/** kill -9 of any node in the middle of a change: the change waits, brings the node back, and goes on. */
export const killNodeDuringChange: Figure = {
  name: 'kill-node',
  what: 'kill -9 of any node during roll and resize under 200 records/s: waits, heals, goes on',
  mustReach: 'each ends well; 0 failed, lost, doubled, reordered',
  limitSeconds: 900,

  async measure() {
    await using loaded = await startLoadedInstance({ perSecond: 200, preloadMiB: 256 })
    const notes: string[] = []
    for (const { change, nodes } of plan) notes.push(await changeWithKill(loaded, change, nodes))
    const verdict = verdictOf(await loaded.ledger.end())
    const killed = notes.filter((note) => note.includes('killed')).length
    return {
      value: `${killed} of ${plan.length} met a kill and ended well; ${verdict.words}`,
      met: verdict.isClean && killed === plan.length,
      notes: [...notes, ...verdict.notes],
    }
  },
}

const plan: { change: Change; nodes: number }[] = [
  { change: { restart: 'all' }, nodes: 3 },
  { change: { reservedAku: 8 }, nodes: 4 },
  { change: { restart: 'all' }, nodes: 4 },
  { change: { reservedAku: 6 }, nodes: 3 },
]
const mostBeforeMs = 5_000

async function changeWithKill(loaded: LoadedInstance, change: Change, nodes: number): Promise<string> {
  const { millrace, homeId, instanceId, ledger } = loaded
  const begun = performance.now()
  const operationId = await beginChange(millrace.api, instanceId, change)
  await ledger.mark(nameOf(change))
  await delay(Math.random() * mostBeforeMs)
  const running = await runningNodes(homeId, instanceId)
  const victim = running[Math.floor(Math.random() * running.length)]!
  const killedAt = seconds(performance.now() - begun)
  await killNode(homeId, instanceId, victim)
  await awaitSucceeded(millrace.api, operationId)
  const after = await runningNodes(homeId, instanceId)
  if (after.length !== nodes) throw new Error(`after ${nameOf(change)}, nodes ${after.join(', ')} run`)
  return `${nameOf(change)}: node ${victim} killed after ${killedAt}, ended well after ${seconds(performance.now() - begun)}`
}
