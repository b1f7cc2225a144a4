import { Text } from '@mantine/core'
import { IconCheck, IconPlayerPause, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Operation, Step } from '../api-types.ts'
import { plural } from '../format.ts'
import { Elapsed } from '../ui/TimeAgo.tsx'
import { GateReport } from './GateReport.tsx'
import type { StepLook, StepRow } from './step-row.ts'
import { stepRows } from './step-rows.ts'
import classes from './StepTimeline.module.css'

/** Every step of an Operation: those done with their durations, the present one with its reason, those to come. */
export function StepTimeline({ operation }: { operation: Operation }) {
  return (
    <ol className={classes.list} aria-label={`Steps of ${operation.title}`}>
      {stepRows(operation).map((row) => (
        <StepItem key={row.key} row={row} operation={operation} />
      ))}
    </ol>
  )
}

const marks: Record<StepLook, ReactNode> = {
  done: <IconCheck size={13} stroke={3} />,
  failed: <IconX size={13} stroke={3} />,
  cancelled: <IconX size={13} stroke={3} />,
  paused: <IconPlayerPause size={12} stroke={2.5} />,
  active: <span className={classes.drop} />,
  planned: null,
}

const lookWords: Record<StepLook, string> = {
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  paused: 'paused',
  active: 'running',
  planned: 'to come',
}

function StepItem({ row, operation }: { row: StepRow; operation: Operation }) {
  const { look, passage } = row
  const [first, last] = [row.steps[0], row.steps.at(-1)]
  return (
    <li className={classes.item} data-look={look} aria-current={look === 'active' ? 'step' : undefined}>
      <span className={classes.mark} aria-hidden>
        {marks[look]}
      </span>
      <div className={classes.words}>
        <div className={classes.line}>
          <span className={classes.title}>
            {row.title} <span className={classes.look}>{lookWords[look]}</span>
          </span>
          {first && last && (
            <span className={classes.duration}>
              {last.error && last.attempts > 1 && `${plural(last.attempts, 'attempt')}, `}
              <Elapsed from={first.startedAt} to={last.endedAt} />
            </span>
          )}
        </div>
        {last && <StepStory step={last} look={look} operation={operation} />}
        {passage && <GateReport passage={passage} />}
      </div>
    </li>
  )
}

type StepStoryProps = { step: Step; look: StepLook; operation: Operation }

function StepStory({ step, look, operation: { isOverdue, waitingReason } }: StepStoryProps) {
  const isPresent = look === 'active' || look === 'paused'
  // Where it stands still, the Operation says why.
  const reason = look === 'paused' ? (waitingReason ?? step.waitingReason) : step.waitingReason
  return (
    <>
      {isPresent && isOverdue && (
        <Text size="sm" className={classes.late}>
          This takes longer than it should.
        </Text>
      )}
      {reason && isPresent && (
        <Text size="sm" c="dimmed">
          {reason}
        </Text>
      )}
      {step.error && (look === 'failed' || isPresent) && (
        <div className={classes.error}>
          <strong>{step.error.message}</strong>
          {step.error.detail && <pre>{step.error.detail}</pre>}
          <span className="mono">{step.error.code}</span>
        </div>
      )}
    </>
  )
}
