import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { PageHead } from '../ui/PageHead.tsx'
import { Wheel } from '../ui/Wheel.tsx'

/** For addresses that no page has. */
export function NotFoundPage() {
  return <Missing title="There is no such page">The address may be mistyped, or it is of an older Millrace.</Missing>
}

/** For things that a page looked for and that are not there. */
export function Missing({ title, children }: { title: string; children: string }) {
  return (
    <>
      <PageHead title={title} />
      <EmptyState
        picture={<Wheel size={44} />}
        title="Nothing here"
        action={
          <Button variant="default" renderRoot={(props) => <Link to={paths.instances} {...props} />}>
            To the Instances
          </Button>
        }
      >
        {children}
      </EmptyState>
    </>
  )
}
