import { Progress, Stack, Text } from '@mantine/core'
import type { ChangeProgress as Progressing, Operation } from '../api-types.ts'
import { useNow } from '../clock.ts'
import { formatBytes, formatDuration, plural } from '../format.ts'
import { stillOpen } from '../words.ts'
import { Notice } from '../ui/Notice.tsx'

/** Beside the steps of a change: until when it can go back, and how far the data is that moves. */
export function ChangeProgress({ operation }: { operation: Operation }) {
  const { change } = operation
  if (!change) return null
  const hasWay = (stillOpen(operation.status) && tellsWayBack(change)) || change.turnedBackBecause !== null
  if (!hasWay && !change.moves) return null
  return (
    <Stack gap="sm">
      {hasWay && <WayBack change={change} isOpen={stillOpen(operation.status)} />}
      {change.moves && <Moves moves={change.moves} isStanding={operation.status === 'Paused'} />}
    </Stack>
  )
}

const tellsWayBack = ({ isTurnedBack, isFinal, canFinalize, soakSecondsLeft }: Progressing): boolean =>
  isTurnedBack || isFinal || canFinalize.allowed || soakSecondsLeft !== null

function WayBack({ change, isOpen }: { change: Progressing; isOpen: boolean }) {
  const now = useNow()
  if (change.turnedBackBecause !== null) {
    return (
      <Notice tone="warn">
        {isOpen ? 'It goes' : 'It went'} back to what the Instance was by itself, after 5 minutes:{' '}
        {change.turnedBackBecause}
      </Notice>
    )
  }
  if (change.isTurnedBack) return <Notice tone="warn">It is on its way back to what the Instance was.</Notice>
  if (change.isFinal)
    return <Notice tone="busy">The new version is being made final. There is no way back any more.</Notice>
  if (change.canFinalize.allowed) {
    return (
      <Notice tone="warn">It waits for you to make the new version final. Until then it can be rolled back.</Notice>
    )
  }
  if (change.soakSecondsLeft === null) return null
  const msLeft = change.soakUntil ? Date.parse(change.soakUntil) - now : change.soakSecondsLeft * 1000
  const left = <strong className="num">{formatDuration(Math.max(0, Math.ceil(msLeft / 1000) * 1000))}</strong>
  if (!change.soakUntil) {
    return <Notice tone="warn">The clock stands still, with {left} of watching left. It can be rolled back.</Notice>
  }
  return (
    <Notice tone="busy">
      {change.finalize === 'automatic' ? 'Rolling back is possible for ' : 'It is watched for '}
      {left}
      {change.finalize === 'automatic' ? ' more. Then the new version becomes final.' : ' more. Then you decide.'}
    </Notice>
  )
}

type MovesProps = { moves: NonNullable<Progressing['moves']>; isStanding: boolean }

function Moves({ moves, isStanding }: MovesProps) {
  const { partitions, partitionsLeft, bytes, bytesMoved, secondsLeft } = moves
  const share = bytes > 0 ? bytesMoved / bytes : 1 - partitionsLeft / Math.max(1, partitions)
  const left = secondsLeft === null ? 'time left not known yet' : `about ${formatDuration(secondsLeft * 1000)} left`
  const when = isStanding ? `${left} once it goes on` : left
  return (
    <div>
      <Text size="sm" fw={600} mb={6}>
        Data that moves
      </Text>
      <Progress value={Math.round(share * 100)} aria-label="Data moved" />
      <Text size="sm" c="dimmed" mt={6} role="status">
        {plural(partitions - partitionsLeft, 'partition')} of {partitions}, {formatBytes(bytesMoved)} of{' '}
        {formatBytes(bytes)}
        {partitionsLeft > 0 && `, ${when}`}
      </Text>
    </div>
  )
}
