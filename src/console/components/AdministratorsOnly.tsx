import { IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Permission } from '../../domain/permission.ts'
import { useWhyNot } from '../may.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { PageHead } from '../ui/PageHead.tsx'
import { Sheet } from '../ui/Panel.tsx'

type AdministratorsOnlyProps = { title: string; permission: Permission; children: ReactNode }

/** A page that some may not even read: to them it says so, and asks the server nothing. */
export function AdministratorsOnly({ title, permission, children }: AdministratorsOnlyProps) {
  if (!useWhyNot(permission)) return children
  return (
    <>
      <PageHead title={title} />
      <Sheet>
        <EmptyState picture={<IconLock size={38} stroke={1.5} aria-hidden />} title="For administrators">
          Your role does not open this page. An administrator can give you another role, or look here for you.
        </EmptyState>
      </Sheet>
    </>
  )
}
