import type { ReactNode } from 'react'
import classes from './PageHead.module.css'

type PageHeadProps = { title: string; heading?: ReactNode; sub?: ReactNode; actions?: ReactNode }

/** The page's one h1, its title in the browser, and what can be done with the whole page. */
export function PageHead({ title, heading, sub, actions }: PageHeadProps) {
  return (
    <div className={classes.head}>
      <title>{`${title} · Millrace`}</title>
      <div className={classes.words}>
        {heading ?? <h1 className={classes.title}>{title}</h1>}
        {sub && <div className={classes.sub}>{sub}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  )
}

/** An h1 with things beside it, such as a badge. */
export function Heading({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={classes.row}>
      <h1 className={classes.title}>{title}</h1>
      {children}
    </div>
  )
}
