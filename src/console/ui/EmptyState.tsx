import type { ReactNode } from 'react'
import classes from './EmptyState.module.css'

type EmptyStateProps = { picture?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }

export function EmptyState({ picture, title, children, action }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      {picture && <div className={classes.picture}>{picture}</div>}
      <h2 className={classes.title}>{title}</h2>
      {children && <p className={classes.words}>{children}</p>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}
