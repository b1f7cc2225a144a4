import type { ReactNode } from 'react'
import type { Tone } from '../words.ts'
import classes from './Badge.module.css'

type BadgeProps = { tone: Tone; isMoving?: boolean | undefined; children: ReactNode; title?: string | undefined }

/** A word with a dot: the dot's colour is a second telling, never the only one. */
export function Badge({ tone, isMoving, children, title }: BadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone} title={title}>
      <Dot tone={tone} isMoving={isMoving} />
      {children}
    </span>
  )
}

export function Dot({ tone, isMoving }: { tone: Tone; isMoving?: boolean | undefined }) {
  return <span className={classes.dot} data-tone={tone} data-moving={isMoving || undefined} aria-hidden />
}
