import { IconPlugConnectedX } from '@tabler/icons-react'
import type { LiveStatus } from '../live.ts'
import classes from './ConnectionBanner.module.css'

/** Says when what the page shows may be old, and that it is looked after. */
export function ConnectionBanner({ status }: { status: LiveStatus }) {
  return (
    <div role="status">
      {status === 'lost' && (
        <div className={classes.banner}>
          <IconPlugConnectedX size={17} aria-hidden />
          The connection to Millrace is lost. What you see may be old; trying again. Your Kafka nodes are not affected.
        </div>
      )}
    </div>
  )
}
