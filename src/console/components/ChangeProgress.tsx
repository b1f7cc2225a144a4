import { List, Progress, Stack, Text } from '@mantine/core'
import type { ChangeProgress as Progressing, GatePassage, Operation } from '../api-types.ts'
import { useNow } from '../clock.ts'
import { formatBytes, formatDuration, plural } from '../format.ts'
import { stillOpen } from '../words.ts'
import { Notice } from '../ui/Notice.tsx'
import { Panel } from '../ui/Panel.tsx'
import classes from './ChangeProgress.module.css'

/** Beside the steps of a change: what moves, until when it can go back, and on which evidence each node was restarted. */
export function ChangeProgress({ operation }: { operation: Operation }) {
  const { change } = operation
  if (!change) return null
  const isOpen = stillOpen(operation.status)
  const isEmpty = !change.moves && change.passages.length === 0 && !isOpen
  if (isEmpty) return null
  return (
    <Stack gap="lg">
      {isOpen && <WayBack change={change} />}
      {change.moves && <Moves moves={change.moves} isOpen={isOpen} />}
      {change.passages.length > 0 && <Passages passages={change.passages} />}
    </Stack>
  )
}

function WayBack({ change }: { change: Progressing }) {
  const now = useNow()
  if (change.isTurnedBack) return <Notice tone="warn">It is on its way back to what the Instance was.</Notice>
  if (change.isFinal)
    return <Notice tone="busy">The new version is being made final. There is no way back any more.</Notice>
  if (change.canFinalize.allowed) {
    return (
      <Notice tone="warn">It waits for you to make the new version final. Until then it can be rolled back.</Notice>
    )
  }
  if (!change.soakUntil) return null
  const left = Date.parse(change.soakUntil) - now
  return (
    <Notice tone="busy">
      {change.finalize === 'automatic' ? 'Rolling back is possible for ' : 'It is watched for '}
      <strong className="num">{formatDuration(Math.max(0, Math.ceil(left / 1000) * 1000))}</strong>
      {change.finalize === 'automatic' ? ' more. Then the new version becomes final.' : ' more. Then you decide.'}
    </Notice>
  )
}

function Moves({ moves, isOpen }: { moves: NonNullable<Progressing['moves']>; isOpen: boolean }) {
  const { partitions, partitionsLeft, bytes, bytesMoved, secondsLeft } = moves
  const share = bytes > 0 ? bytesMoved / bytes : 1 - partitionsLeft / Math.max(1, partitions)
  const percent = Math.round(share * 100)
  return (
    <Panel title="Data that moves">
      <Progress value={percent} aria-label="Data moved" />
      <Text size="sm" mt="xs" role="status">
        {plural(partitions - partitionsLeft, 'partition')} of {partitions}, {formatBytes(bytesMoved)} of{' '}
        {formatBytes(bytes)}
        {isOpen &&
          partitionsLeft > 0 &&
          (secondsLeft === null ? ', time left not known yet' : `, about ${formatDuration(secondsLeft * 1000)} left`)}
      </Text>
    </Panel>
  )
}

function Passages({ passages }: { passages: GatePassage[] }) {
  return (
    <Panel title="Gate reports">
      <ol className={classes.list} aria-label="Gate reports">
        {passages.map((passage) => (
          <li key={passage.at} className={classes.passage}>
            <Text size="sm" fw={600}>
              Node {passage.kafkaId}
              <Text span size="sm" c="dimmed" fw={400}>
                {' '}
                back in {formatDuration(passage.tookMs)}
                {passage.reasons.length > 0 && `; ${passage.reasons.join(', ')}`}
              </Text>
            </Text>
            <List size="sm" spacing={2}>
              {evidenceOf(passage).map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function evidenceOf({ report, waitedMs, waitedFor, canarySlowestMs }: GatePassage): string[] {
  const { partitionsExamined, tightest, quorum } = report
  return [
    `${plural(partitionsExamined, 'partition')} examined${tightest ? `; the tightest, partition ${tightest.partition} of ${tightest.topic}, could spare ${plural(tightest.spare, 'more replica')}` : ''}`,
    ...(quorum
      ? [
          `${quorum.caughtUp} of ${quorum.voters} voters caught up, ${plural(quorum.largestLag, 'record')} behind at most`,
        ]
      : []),
    `canary through within ${formatDuration(canarySlowestMs)}`,
    ...(waitedMs > 0 && waitedFor.length > 0
      ? [`waited ${formatDuration(waitedMs)} before it: ${waitedFor.join(' ')}`]
      : []),
  ]
}
