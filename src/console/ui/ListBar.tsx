import type { ReactNode } from 'react'
import classes from './ListBar.module.css'

/** Above a list: what narrows it down, and at the end what can be done with it. */
export function ListBar({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.bar} role="search">
      {children}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}

export const listBarKeyword = classes.keyword!
