import { Text } from '@mantine/core'
import { IconCheck, IconPlayerPause, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Operation, Step } from '../api-types.ts'
import { plural } from '../format.ts'
import { Elapsed } from '../ui/TimeAgo.tsx'
import { stepRows, type StepLook, type StepRow } from './step-rows.ts'
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
  return (
    <li className={classes.item} data-look={row.look} aria-current={row.look === 'active' ? 'step' : undefined}>
      <span className={classes.mark} aria-hidden>
        {marks[row.look]}
      </span>
      <div className={classes.words}>
        <div className={classes.line}>
          <span className={classes.title}>
            {row.title} <span className={classes.look}>{lookWords[row.look]}</span>
          </span>
          {row.step && (
            <span className={classes.duration}>
              {row.step.attempts > 1 && `${plural(row.step.attempts, 'attempt')}, `}
              <Elapsed from={row.step.startedAt} to={row.step.endedAt} />
            </span>
          )}
        </div>
        {row.step && <StepStory step={row.step} look={row.look} isOverdue={operation.isOverdue} />}
      </div>
    </li>
  )
}

function StepStory({ step, look, isOverdue }: { step: Step; look: StepLook; isOverdue: boolean }) {
  const isPresent = look === 'active' || look === 'paused'
  return (
    <>
      {isPresent && isOverdue && (
        <Text size="sm" className={classes.late}>
          This takes longer than it should.
        </Text>
      )}
      {step.waitingReason && isPresent && (
        <Text size="sm" c="dimmed">
          {step.waitingReason}
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
