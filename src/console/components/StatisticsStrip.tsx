import type { Statistics } from '../api-types.ts'
import { formatBytes, formatCount, formatRate } from '../format.ts'
import { TimeAgo } from '../ui/TimeAgo.tsx'
import classes from './StatisticsStrip.module.css'

type StatisticsStripProps = { statistics: Statistics | undefined; observedAt: string | null }

/** Kafka's own counts. What was not measured is a dash, never a nought. */
export function StatisticsStrip({ statistics, observedAt }: StatisticsStripProps) {
  const tiles: [string, string][] = [
    ['Topics', counted(statistics?.topicCount)],
    ['Partitions', counted(statistics?.partitionCount)],
    ['Consumer groups', counted(statistics?.consumerGroupCount)],
    ['On disk', statistics?.storageSize === undefined ? '–' : formatBytes(statistics.storageSize)],
    ['Written', perSecond(statistics?.bytesInPerSecond)],
    ['Read', perSecond(statistics?.bytesOutPerSecond)],
    [
      'Requests',
      statistics?.requestsInPerSecond === undefined ? '–' : `${formatRate(statistics.requestsInPerSecond)}/s`,
    ],
  ]
  return (
    <section aria-label="Statistics" className={classes.strip}>
      <dl className={classes.tiles}>
        {tiles.map(([term, value]) => (
          <div key={term} className={classes.tile}>
            <dt>{term}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.when}>
        {observedAt ? (
          <>
            Seen <TimeAgo at={observedAt} />
          </>
        ) : (
          'Counted once the Instance is running'
        )}
      </p>
    </section>
  )
}

const perSecond = (bytes: number | undefined): string => (bytes === undefined ? '–' : `${formatBytes(bytes)}/s`)

const counted = (count: number | undefined): string => (count === undefined ? '–' : formatCount(count))
