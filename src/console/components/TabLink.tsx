import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { paths, type InstanceTab } from '../paths.ts'

type TabLinkProps = { instanceId: string; tab: InstanceTab; children: ReactNode }

/** To another tab of the Instance, from within a sentence. */
export function TabLink({ instanceId, tab, children }: TabLinkProps) {
  return (
    <Anchor
      inherit
      c="inherit"
      underline="always"
      renderRoot={(props) => <Link to={paths.instance} params={{ instanceId }} search={{ tab }} {...props} />}
    >
      {children}
    </Anchor>
  )
}
