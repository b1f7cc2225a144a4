import { Radio, SimpleGrid } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { driftWays, type DriftWay } from '../../domain/drift.ts'
import type { DriftItem } from '../api-types.ts'
import { wayWords, whyNotWay } from '../components/drift-words.ts'
import classes from './drift-ways.module.css'

type DriftWaysProps = {
  chosen: DriftItem[]
  /** Why neither is open now. */
  closed: string | undefined
  value: DriftWay | undefined
  onChange: (way: DriftWay) => void
}

/** Adopt or revert: what each means, or why it is not open for what is ticked. */
export function DriftWays({ chosen, closed, value, onChange }: DriftWaysProps) {
  const group = useRef<HTMLDivElement>(null)
  // Its plan stands beneath it, which a long list would keep out of sight.
  useEffect(() => {
    if (value) group.current?.scrollIntoView({ block: 'start' })
  }, [value])
  return (
    <Radio.Group
      ref={group}
      className={classes.ways!}
      label="What to do with it"
      value={value ?? null}
      onChange={(next) => onChange(next === 'adopt' ? 'adopt' : 'revert')}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" mt={6}>
        {driftWays.map((way) => {
          const why = closed ?? whyNotWay(way, chosen)
          return (
            <Radio
              key={way}
              className={classes.way!}
              value={way}
              label={wayWords[way].label}
              description={why ?? wayWords[way].meaning}
              disabled={why !== undefined}
            />
          )
        })}
      </SimpleGrid>
    </Radio.Group>
  )
}
