import { Button, Group } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { PageHead } from '../ui/PageHead.tsx'

/** Shown in place of a page that broke. Only this page is affected; nothing on the server is. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  return (
    <>
      <PageHead title="This page broke" />
      <EmptyState
        title="Something in this page went wrong"
        action={
          <Group justify="center">
            <Button onClick={reset}>Try again</Button>
            <Button variant="default" component="a" href={paths.instances}>
              To the Instances
            </Button>
          </Group>
        }
      >
        Your Instances are not affected. {error instanceof Error ? error.message : String(error)}
      </EmptyState>
    </>
  )
}
