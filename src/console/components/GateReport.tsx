import type { GatePassage } from '../api-types.ts'
import { formatDuration, plural } from '../format.ts'
import classes from './GateReport.module.css'

type Waits = GatePassage['before']

/** On which evidence one node was restarted, and how it went: the sum in a line, the rest on demand. */
export function GateReport({ passage }: { passage: GatePassage }) {
  const { kafkaId, reasons } = passage
  return (
    <div className={classes.report}>
      <p>
        {sumOf(passage)}
        {reasons.length > 0 && `: ${reasons.join(', ')}`}
      </p>
      <details>
        <summary aria-label={`Gate report of node ${kafkaId}`}>Gate report</summary>
        <dl className={classes.facts}>
          {evidenceOf(passage).map(({ term, value, reasons: waitedFor }) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>
                {value}
                {waitedFor && <Reasons list={waitedFor} />}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  )
}

const Reasons = ({ list }: { list: Waits['waitedFor'] }) => (
  <ul className={classes.reasons}>
    {list.map(({ why, ms }) => (
      <li key={why}>
        {formatDuration(ms)}: {why}
      </li>
    ))}
  </ul>
)

function sumOf({ fate, tookMs, before }: GatePassage): string {
  if (fate === 'under-way') return 'On its way'
  if (fate === 'left') return `Not back after ${formatDuration(tookMs)}`
  const held = before.waitedMs > 0 ? `, after the gate had held it for ${formatDuration(before.waitedMs)}` : ''
  return `Back in ${formatDuration(tookMs)}${held}`
}

type Evidence = { term: string; value: string; reasons?: Waits['waitedFor'] }

function evidenceOf({ report, before, after, canary }: GatePassage): Evidence[] {
  const { partitionsExamined, tightest, quorum } = report
  return [
    { term: 'Examined', value: plural(partitionsExamined, 'partition') },
    ...(tightest ? [{ term: 'Tightest', value: marginOf(tightest) }] : []),
    ...(quorum ? [{ term: 'Quorum', value: quorumOf(quorum) }] : []),
    waitOf('Before', before, 'it could stop at once'),
    waitOf('After', after, 'nothing was waited for'),
    { term: 'Canary', value: canaryOf(canary) },
  ]
}

function waitOf(term: string, { waitedMs, waitedFor }: Waits, nothing: string): Evidence {
  if (waitedFor.length === 0) return { term, value: nothing }
  return { term, value: `waited ${formatDuration(waitedMs)}`, reasons: waitedFor }
}

type Quorum = NonNullable<GatePassage['report']['quorum']>

const quorumOf = ({ caughtUp, voters, largestLag }: Quorum): string =>
  `${caughtUp} of ${voters} voters caught up, ${plural(largestLag, 'record')} behind at most`

function canaryOf(canary: GatePassage['canary']): string {
  if (!canary) return 'none was sent yet'
  const { sent, readBack, slowestMs } = canary
  const rate = `${readBack} of ${plural(sent, 'record')} written and read back`
  return slowestMs === null ? rate : `${rate}, the slowest of the last within ${formatDuration(slowestMs)}`
}

type Margin = NonNullable<GatePassage['report']['tightest']>

function marginOf({ topic, partition, spare }: Margin): string {
  const rest = spare === 0 ? 'could spare this node and no other' : `could spare ${plural(spare, 'more replica')}`
  return `partition ${partition} of ${topic} ${rest}`
}
