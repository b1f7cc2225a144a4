import { Alert, Button, Code, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { toProblem } from '../problem.ts'
import classes from './Notice.module.css'

type NoticeProps = { tone: 'bad' | 'warn' | 'busy'; title?: string; children: ReactNode; action?: ReactNode }

export function Notice({ tone, title, children, action }: NoticeProps) {
  const Icon = tone === 'busy' ? IconInfoCircle : IconAlertTriangle
  return (
    <Alert
      className={classes.notice}
      data-tone={tone}
      icon={<Icon size={18} aria-hidden />}
      title={title}
      role={tone === 'bad' ? 'alert' : 'status'}
    >
      {children}
      {action && <Group mt="xs">{action}</Group>}
    </Alert>
  )
}

/** A refusal in the server's own words, with the id that finds it in the log. */
export function ErrorNotice({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const problem = toProblem(error)
  const retry = onRetry && (
    <Button size="xs" variant="default" onClick={onRetry}>
      Try again
    </Button>
  )
  return (
    <Notice tone="bad" {...(title ? { title } : {})} action={retry}>
      <Text size="sm">{problem.message}</Text>
      {problem.detail && (
        <Text size="sm" mt={4}>
          {problem.detail}
        </Text>
      )}
      {problem.status >= 500 && problem.requestId && (
        <Text size="xs" mt={6}>
          Request <Code className={classes.code}>{problem.requestId}</Code>
        </Text>
      )}
    </Notice>
  )
}
