import type { ReactNode } from 'react'
import classes from './Tiles.module.css'

/** What a thing measures, in a strip. */
export function Tiles({ label, tiles }: { label: string; tiles: [term: string, value: ReactNode][] }) {
  return (
    <section aria-label={label} className={classes.strip}>
      <dl className={classes.tiles}>
        {tiles.map(([term, value]) => (
          <div key={term} className={classes.tile}>
            <dt>{term}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
