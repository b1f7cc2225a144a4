import type { Tone } from '../words.ts'
import { Badge, Dot } from './Badge.tsx'
import classes from './Standing.module.css'

type StandingProps = { label: string; tone: Tone; meaning?: string; isMoving?: boolean | undefined }

/** What is as it should be stays quiet in a long list; everything else stands out. */
export function Standing({ label, tone, meaning, isMoving }: StandingProps) {
  if (tone !== 'good' && tone !== 'calm') {
    return (
      <Badge tone={tone} isMoving={isMoving} title={meaning}>
        {label}
      </Badge>
    )
  }
  return (
    <span className={classes.quiet} title={meaning}>
      <Dot tone={tone} />
      {label}
    </span>
  )
}
