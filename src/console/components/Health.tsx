import type { Words } from '../words.ts'
import { Dot } from '../ui/Badge.tsx'
import classes from './Health.module.css'

/** A dot and a word; the reason, where there is one, on hover and for screen readers. */
export function Health({ words, reason }: { words: Words; reason: string | null }) {
  return (
    <span className={classes.health} title={reason ?? words.meaning}>
      <Dot tone={words.tone} isMoving={words.isMoving} />
      {words.label}
    </span>
  )
}
