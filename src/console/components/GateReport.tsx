import type { GatePassage } from '../api-types.ts'
import { formatDuration, plural } from '../format.ts'
import classes from './GateReport.module.css'

/** On which evidence one node was restarted, and how it went: the sum in a line, the rest on demand. */
export function GateReport({ passage }: { passage: GatePassage }) {
  const { kafkaId, tookMs, reasons, waitedMs, waitedFor } = passage
  return (
    <div className={classes.report}>
      <p>
        Back in {formatDuration(tookMs)}
        {reasons.length > 0 && `: ${reasons.join(', ')}`}
      </p>
      {waitedMs > 0 && waitedFor.length > 0 && (
        <p>
          Waited {formatDuration(waitedMs)} before it: {waitedFor.join(' ')}
        </p>
      )}
      <details>
        <summary aria-label={`Gate report of node ${kafkaId}`}>Gate report</summary>
        <dl className={classes.facts}>
          {evidenceOf(passage).map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  )
}

function evidenceOf({ report, canarySlowestMs }: GatePassage): [term: string, value: string][] {
  const { partitionsExamined, tightest, quorum } = report
  return [
    ['Examined', plural(partitionsExamined, 'partition')],
    ...(tightest ? [['Tightest', marginOf(tightest)] as [string, string]] : []),
    ...(quorum
      ? [
          [
            'Quorum',
            `${quorum.caughtUp} of ${quorum.voters} voters caught up, ${plural(quorum.largestLag, 'record')} behind at most`,
          ] as [string, string],
        ]
      : []),
    [
      'Canary',
      canarySlowestMs === null
        ? 'did not come back; the way back went on'
        : `written and read back within ${formatDuration(canarySlowestMs)}`,
    ],
  ]
}

type Margin = NonNullable<GatePassage['report']['tightest']>

function marginOf({ topic, partition, spare }: Margin): string {
  const rest = spare === 0 ? 'could spare this node and no other' : `could spare ${plural(spare, 'more replica')}`
  return `partition ${partition} of ${topic} ${rest}`
}
