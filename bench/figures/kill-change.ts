import { setTimeout as delay } from 'node:timers/promises'
import type { OperationId } from '../../src/domain/id.ts'
import type { Database } from '../../src/store/database.ts'
import { getOperation } from '../../src/store/operations.ts'
import { awaitSucceeded, beginChange, nameOf, type Change } from '../changes.ts'
import { seconds, type Figure } from '../figure.ts'
import { startLoadedInstance, verdictOf, type LoadedInstance } from '../loaded-instance.ts'
import { runningNodes, startsOf } from '../nodes.ts'
import { leaseEpochOf, openDatabaseOf, traceOf } from '../trace.ts'

/** kill -9 of Millrace at any moment of a change, again and again: it goes on, nothing is done twice, and clients do not notice. */
export const killChange: Figure = {
  name: 'kill-change',
  what: 'kill -9 of Millrace 20 times at random during roll and resize under 200 records/s: moving again',
  mustReach: '≤ 5 s each time; 0 failed, lost, doubled, reordered; nothing done twice',
  limitSeconds: 1_500,

  async measure() {
    await using loaded = await startLoadedInstance({ perSecond: 200, preloadMiB: 256 })
    const db = await openDatabaseOf(loaded.millrace.home)
    const times: Life[] = []
    const faults: string[] = []
    const notes: string[] = []
    try {
      for (let round = 0; times.length < kills; round++) {
        const { change, nodes } = plan[round % plan.length]!
        const outcome = await changeWithKills({ loaded, db, change, nodes, mostKills: kills - times.length })
        times.push(...outcome.times)
        faults.push(...outcome.faults)
        notes.push(`${nameOf(change)}: moves again after ${outcome.times.map(wordsOf).join(', ') || '(never killed)'}`)
      }
    } finally {
      await db.destroy()
    }
    const verdict = verdictOf(await loaded.ledger.end())
    const longest = Math.max(...times.map(({ movedMs }) => movedMs))
    return {
      value: `${seconds(longest)} at most of ${times.length}; ${verdict.words}; ${faults.join('; ') || 'nothing twice'}`,
      met: longest <= 5_000 && verdict.isClean && faults.length === 0,
      notes: [...notes, ...verdict.notes],
    }
  },
}

const kills = 20
const plan: { change: Change; nodes: number }[] = [
  { change: { restart: 'all' }, nodes: 3 },
  { change: { reservedAku: 8 }, nodes: 4 },
  { change: { restart: 'all' }, nodes: 4 },
  { change: { reservedAku: 6 }, nodes: 3 },
]
const leastBetweenMs = 500
const mostBetweenMs = 7_000

type Round = { loaded: LoadedInstance; db: Database; change: Change; nodes: number; mostKills: number }

async function changeWithKills({ loaded, db, change, nodes, mostKills }: Round) {
  const { home } = loaded.millrace
  const before = await startsOf(home, loaded.instanceId)
  const operationId = (await beginChange(loaded.millrace.api, loaded.instanceId, change)) as OperationId
  const times: Life[] = []
  while (times.length < mostKills) {
    await delay(leastBetweenMs + Math.random() * (mostBetweenMs - leastBetweenMs))
    if ((await getOperation(db, operationId)).outcome !== 'active') break
    times.push(await killAndRestart(loaded, db, operationId))
  }
  await awaitSucceeded(loaded.millrace.api, operationId)
  const running = await runningNodes(loaded.homeId, loaded.instanceId)
  const after = await startsOf(home, loaded.instanceId)
  const faults = [
    ...(running.length === nodes && new Set(running).size === nodes
      ? []
      : [`${nameOf(change)} left processes of nodes ${running.join(', ')}`]),
    ...running.flatMap((kafkaId) => {
      const starts = after.get(kafkaId)! - (before.get(kafkaId) ?? 0)
      const due = 'restart' in change || !before.has(kafkaId) ? 1 : 0
      return starts === due ? [] : [`${nameOf(change)} started node ${kafkaId} ${starts} times instead of ${due}`]
    }),
  ]
  return { times, faults }
}

/** From the start of the next Millrace until it has taken the Operation, and until that has moved. */
type Life = { takenMs: number; movedMs: number }

const wordsOf = ({ takenMs, movedMs }: Life) => `${seconds(movedMs)} (taken after ${seconds(takenMs)})`

async function killAndRestart(loaded: LoadedInstance, db: Database, operationId: OperationId): Promise<Life> {
  await loaded.millrace.kill()
  loaded.millrace.api.close()
  const [before, epoch] = [await traceOf(db, operationId), await leaseEpochOf(db, operationId)]
  const begun = performance.now()
  const restarted = loaded.millrace.restart()
  restarted.catch(() => {})
  while ((await leaseEpochOf(db, operationId)) === epoch) await delay(5)
  const takenMs = performance.now() - begun
  while ((await traceOf(db, operationId)) === before) await delay(5)
  const movedMs = performance.now() - begun
  loaded.millrace = await restarted
  return { takenMs, movedMs }
}
