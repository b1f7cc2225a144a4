import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Activity } from '../../api-types.ts'
import { paths } from '../../paths.ts'
import { queries } from '../../queries.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import classes from './ActivityTab.module.css'

/** Everything that happened to the Instance, and who did what of it. */
export function ActivityTab({ instanceId }: { instanceId: string }) {
  const activity = useQuery(queries.activity(instanceId))
  if (activity.error) return <ErrorNotice error={activity.error} onRetry={() => void activity.refetch()} />
  if (!activity.data) return <p role="status">Reading the activity…</p>
  if (activity.data.list.length === 0) return <EmptyState title="Nothing happened yet" />
  return (
    <Sheet>
      <ol className={classes.list} aria-label="Activity">
        {activity.data.list.map((entry) => (
          <ActivityLine key={`${entry.kind}-${entry.id}`} entry={entry} />
        ))}
      </ol>
    </Sheet>
  )
}

/** What lies between the begin and the end of an Operation needs no link of its own: it would only repeat. */
const between = /^operation\.(step|waiting|overdue|retrying)$/

function ActivityLine({ entry }: { entry: Activity }) {
  return (
    <li className={classes.line}>
      <span className={classes.when}>
        <TimeAgo at={entry.createdAt} />
      </span>
      <span className={classes.words}>
        {entry.message}
        {entry.operationId && !between.test(entry.kind) && (
          <Anchor
            size="sm"
            ml={8}
            renderRoot={(props) => (
              <Link to={paths.operation} params={{ operationId: entry.operationId ?? '' }} {...props} />
            )}
          >
            Operation
          </Anchor>
        )}
      </span>
      <span className={classes.actor}>{entry.actor ?? 'Millrace'}</span>
    </li>
  )
}
