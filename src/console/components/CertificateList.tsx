import { Anchor, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../queries.ts'
import { Badge } from '../ui/Badge.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { certificateRows, type CertificateRow } from './certificate-words.ts'
import classes from './CertificateList.module.css'

type CertificateListProps = { instanceId: string; isShownToClients: boolean }

/** Of each kind of certificate the one that ends first, and who has to see to it. Silent where there are none. */
export function CertificateList({ instanceId, isShownToClients }: CertificateListProps) {
  const { data, error, refetch } = useQuery(queries.certificates(instanceId))
  if (error && !data) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton height={70} aria-label="Reading the certificates…" />
  const rows = certificateRows(data.list)
  const warnings = [...new Set(rows.flatMap(({ warning }) => warning ?? []))]
  return (
    <>
      {warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          <Text size="sm">{warning}</Text>
        </Notice>
      ))}
      {rows.length > 0 && (
        <ul className={classes.certificates} aria-label="Certificates">
          {rows.map((row) => (
            <CertificateLine key={row.label} row={row} />
          ))}
        </ul>
      )}
      {rows.length > 0 && !rows.some(({ kind }) => kind === 'node') && (
        <Text size="sm" c="dimmed">
          No node answers with its certificate now.
        </Text>
      )}
      {isShownToClients && (
        <Anchor
          size="sm"
          underline="always"
          href={`/api/v1/instances/${instanceId}/certificate-authority`}
          download="ca.pem"
        >
          Download the authority, ca.pem
        </Anchor>
      )}
    </>
  )
}

function CertificateLine({ row: { label, subject, notAfter, end, tone, actor } }: { row: CertificateRow }) {
  const words = <time dateTime={notAfter}>{end}</time>
  return (
    <li className={classes.certificate}>
      <div className={classes.head}>
        <span className={classes.label}>{label}</span>
        {tone === 'calm' ? <span className="num">{words}</span> : <Badge tone={tone}>{words}</Badge>}
      </div>
      <div className={classes.about}>
        {subject && <span className={`${classes.subject} mono`}>{subject}</span>}
        {actor}
      </div>
    </li>
  )
}
