import { IconChevronRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { AuditEvent } from '../api-types.ts'
import { formatMoment } from '../format.ts'
import { paths } from '../paths.ts'
import { Badge } from '../ui/Badge.tsx'
import { Facts } from '../ui/Panel.tsx'
import { TimeAgo } from '../ui/TimeAgo.tsx'
import { diffLines } from './audit-diff.ts'
import { actionWords, isRefusal } from './audit-words.ts'
import classes from './AuditFold.module.css'

/** A deed in a line; opened, all that was written down of it. */
export function AuditFold({ event }: { event: AuditEvent }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <li className={classes.item}>
      <details open={isOpen} onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
        <summary className={classes.summary}>
          <IconChevronRight size={14} className={classes.chevron} aria-hidden />
          <span className={classes.action}>{actionWords(event.action)}</span>
          <span className={classes.subject}>{event.subject ?? event.instanceName ?? event.instanceId}</span>
          <span className={classes.outcome}>{isRefusal(event.action) && <Badge tone="bad">Refused</Badge>}</span>
          <span className={classes.actor}>{event.actor}</span>
          <span className={classes.source}>{event.source}</span>
          <span className={classes.when}>
            <TimeAgo at={event.createdAt} />
          </span>
        </summary>
        {isOpen && <About event={event} />}
      </details>
    </li>
  )
}

function About({ event }: { event: AuditEvent }) {
  const { action, actor, source, createdAt, subject, instanceId, instanceName, operationId } = event
  return (
    <div className={classes.about}>
      <Facts
        facts={[
          ['What', <span className="mono">{action}</span>],
          ['Who', actor],
          ['From', source ?? 'Millrace itself'],
          ['When', formatMoment(createdAt)],
          ['Outcome', isRefusal(action) ? 'refused' : operationId ? 'begun; see the Operation' : 'done'],
          ...(subject ? [['To', subject] as [string, string]] : []),
          ...(instanceId
            ? [
                [
                  'Instance',
                  <Link to={paths.instance} params={{ instanceId }} className={classes.link}>
                    {instanceName ?? instanceId}
                  </Link>,
                ] as [string, React.ReactNode],
              ]
            : []),
          ...(operationId
            ? [
                [
                  'Operation',
                  <Link to={paths.operation} params={{ operationId }} className={classes.link}>
                    {operationId}
                  </Link>,
                ] as [string, React.ReactNode],
              ]
            : []),
        ]}
      />
      <Diff before={event.before} after={event.after} />
    </div>
  )
}

function Diff({ before, after }: { before: unknown; after: unknown }) {
  const lines = diffLines(before, after)
  if (lines.length === 0) return <p className={classes.quiet}>Nothing more was written down of it.</p>
  return (
    <div className={classes.frame}>
      <table className={classes.diff} aria-label="Before and after">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ field, before: was, after: is, isChanged }) => (
            <tr key={field} data-changed={isChanged || undefined}>
              <th scope="row">{field}</th>
              <td>{was === undefined ? '–' : isChanged ? <del>{was}</del> : was}</td>
              <td>{is === undefined ? '–' : isChanged ? <ins>{is}</ins> : is}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
