import type { ReactNode } from 'react'
import { instanceCan } from '../../domain/instance.ts'
import type { Instance } from '../api-types.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Sheet } from '../ui/Panel.tsx'

type InUseProps = { instance: Instance; what: string; children: ReactNode }

/** What is asked of Kafka itself: not before it is there, and not while it goes. It is there while the Instance changes. */
export function InUse({ instance, what, children }: InUseProps) {
  const may = instanceCan('use', instance.state)
  if (may.allowed) return children
  const title =
    instance.state === 'Creating' ? `${what} come with the running Instance` : `${what} go with the Instance`
  return (
    <Sheet>
      <EmptyState title={title}>{may.why}</EmptyState>
    </Sheet>
  )
}
