import { isDeepStrictEqual } from 'node:util'
import type { InstanceId } from '../domain/id.ts'
import type { InstanceState, InstanceStatistics } from '../domain/instance.ts'
import { trafficCounters, trafficRates, type TrafficRates, type TrafficReading } from '../domain/throughput-rate.ts'
import { defineReconciler, type Reconciler, type Round } from '../engine/define-reconciler.ts'
import { endpointOf } from '../kafka/endpoint-of.ts'
import { settledWithin } from '../kafka/in-turn.ts'
import type { World } from '../operations/world.ts'
import { insertMinutes, type MinuteOf } from '../store/instance-minutes.ts'
import { addParcels, type NewParcel } from '../store/metrics-parcels.ts'
import { recordMetricsProblems, recordStatistics, type MetricsProblems } from '../store/observations.ts'
import { fleetSlice, type Watched } from './fleet-slice.ts'
import { parcelFrom } from './pack-metrics.ts'
import { readMetrics, type NodeMetrics } from './read-metrics.ts'

/** All that should serve, as those who look at health have it. */
const states: InstanceState[] = ['Running', 'Changing', 'Error']
const everySeconds = 5
const lookEverySeconds = 15
const patienceMs = 1_000

/** What one look at an Instance brought; what is as it was is left out. */
export type Measured = {
  id: InstanceId
  statistics?: InstanceStatistics
  minute?: MinuteOf
  problems?: MetricsProblems
  parcel?: NewParcel
}

/** What the looks of this process have seen, to hold the next against. Another process begins anew: rates come a look later. */
type Memory = { look: TrafficReading; minute: TrafficReading; problems: Record<string, string> | undefined }

/**
 * Counts topics, partitions, groups and bytes of every Instance that should serve for its page, asks its nodes for their metrics, and lays
 * these down to be sent on where somebody wants them. Dearer than health, so less often.
 */
export function makeMeasureInstances(): Reconciler<World, Watched, Measured> {
  const memories = new Map<InstanceId, Memory>()
  return defineReconciler<World, Watched, Measured>({
    name: 'measure-instances',
    everySeconds,
    limitSeconds: 10,

    async subjects(round, turn) {
      forgetOld(memories, round.now())
      const watched = await fleetSlice(round, turn, { states, everySeconds, lookEverySeconds })
      // Whoever watches metrics wants to see most of all when nothing answers.
      return watched.filter(({ instance }) => instance.health !== 'down' || instance.features.metricsExporter)
    },

    async reconcile(round, watched) {
      const asking = readMetrics(round, watched)
      // Both at once would be felt by the clients of a node that has little to spare.
      await settledWithin(asking, patienceMs)
      const [counted, metrics] = await Promise.all([countedIn(round, watched), asking])
      const at = round.now()
      const before = memories.get(watched.id)
      const reading = readingOf(metrics, at)
      const measured = measuredFrom(watched, { counted, metrics, reading, before })
      const startsMinute = !before || minuteOf(at) > minuteOf(new Date(before.minute.at))
      const minute = startsMinute ? reading : before.minute
      memories.set(watched.id, { look: reading, minute, problems: metrics.problems })
      return measured
    },

    async record({ db }, measured) {
      await recordStatistics(
        db,
        measured.flatMap(({ id, statistics }) => (statistics ? { id, statistics } : [])),
      )
      await recordMetricsProblems(
        db,
        measured.flatMap(({ problems }) => problems ?? []),
      )
      await insertMinutes(
        db,
        measured.flatMap(({ minute }) => minute ?? []),
      )
      await addParcels(
        db,
        measured.flatMap(({ parcel }) => parcel ?? []),
      )
    },
  })
}

type Counts = Omit<InstanceStatistics, keyof TrafficRates>

/** Nothing where nobody can be asked; a node that is just stopping must not cost the others their metrics. */
async function countedIn({ world }: Round<World>, { instance, nodes }: Watched): Promise<Counts | undefined> {
  const running = nodes.filter((node) => node.health === 'running')
  if (running.length === 0 || instance.health === 'down') return undefined
  return await world.clusters.statistics(running.map(endpointOf)).catch(() => undefined)
}

const readingOf = ({ nodes }: NodeMetrics, at: Date): TrafficReading => ({
  at: at.getTime(),
  counters: new Map(nodes.map(({ kafkaId, samples }) => [kafkaId, trafficCounters(samples)])),
})

type Look = { counted: Counts | undefined; metrics: NodeMetrics; reading: TrafficReading; before: Memory | undefined }

function measuredFrom({ id, instance, everyMs }: Watched, { counted, metrics, reading, before }: Look): Measured {
  const at = new Date(reading.at)
  const rates = trafficRates(before?.look, reading)
  const statistics = statisticsOf(counted ?? instance.statistics, rates ?? (before ? null : instance.statistics))
  const parcel = parcelFrom({ instance, metrics, statistics, at, everyMs })
  const isNewMinute = before && minuteOf(at) > minuteOf(new Date(before.minute.at))
  return {
    id,
    ...(statistics && !isDeepStrictEqual(statistics, instance.statistics) && { statistics }),
    ...(isNewMinute && { minute: minuteFrom(id, { at, statistics, rates: trafficRates(before.minute, reading) }) }),
    ...(!isDeepStrictEqual(metrics.problems, before?.problems) && { problems: { id, problems: metrics.problems } }),
    ...(parcel && { parcel }),
  }
}

/** At the first look of this process what another saw last still stands. */
function statisticsOf(counts: Counts | null, rates: Partial<TrafficRates> | null): InstanceStatistics | undefined {
  if (!counts) return undefined
  const { topicCount, partitionCount, consumerGroupCount, storageSize } = counts
  const { bytesInPerSecond, bytesOutPerSecond, requestsInPerSecond } = rates ?? {}
  return {
    topicCount,
    partitionCount,
    ...(consumerGroupCount !== undefined && { consumerGroupCount }),
    ...(storageSize !== undefined && { storageSize }),
    ...(bytesInPerSecond !== undefined && { bytesInPerSecond }),
    ...(bytesOutPerSecond !== undefined && { bytesOutPerSecond }),
    ...(requestsInPerSecond !== undefined && { requestsInPerSecond }),
  }
}

const minuteMs = 60_000
const minuteOf = (time: Date): number => Math.floor(time.getTime() / minuteMs)

type NewMinute = { at: Date; statistics: InstanceStatistics | undefined; rates: TrafficRates | null }

const minuteFrom = (id: InstanceId, { at, statistics, rates }: NewMinute): MinuteOf => ({
  id,
  at: new Date(minuteOf(at) * minuteMs),
  bytesIn: rates?.bytesInPerSecond ?? null,
  bytesOut: rates?.bytesOutPerSecond ?? null,
  requests: rates?.requestsInPerSecond ?? null,
  storageBytes: statistics?.storageSize ?? null,
})

const rememberMs = 10 * minuteMs

/** Instances that are gone, or that other processes look at. */
function forgetOld(memories: Map<InstanceId, Memory>, now: Date): void {
  for (const [id, { look }] of memories) if (look.at < now.getTime() - rememberMs) memories.delete(id)
}
