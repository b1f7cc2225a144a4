import type { ReactNode } from 'react'
import { useId } from 'react'
import classes from './Panel.module.css'

type PanelProps = { title: string; aside?: ReactNode; children: ReactNode; isFlush?: boolean }

/** A titled card. `isFlush` leaves out the padding, for tables. */
export function Panel({ title, aside, children, isFlush }: PanelProps) {
  const id = useId()
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header className={classes.head}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {aside}
      </header>
      <div className={isFlush ? undefined : classes.body}>{children}</div>
    </section>
  )
}

/** A card without a title, for tables that are the page. */
export function Sheet({ children }: { children: ReactNode }) {
  return <div className={classes.panel}>{children}</div>
}

/** Terms and what they are, side by side. */
export function Facts({ facts }: { facts: [term: string, value: ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([term, value]) => (
        <div key={term} className={classes.fact}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
