import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import 'uplot/dist/uPlot.min.css'
import { drawTimeChart, type ChartDrawing, type ChartLine } from './draw-time-chart.ts'
import classes from './TimeChart.module.css'

type TimeChartProps = Omit<ChartDrawing, 'onPoint'> & {
  title: string
  /** What the lines say, for who does not see them. */
  summary: string
}

/** A small calm chart over time. The numbers stand beside it: those of the latest moment, or of the one pointed at. */
export function TimeChart({ title, summary, ...drawing }: TimeChartProps) {
  const [pointed, setPointed] = useState<number | null>(null)
  // Its colours are read when it is drawn.
  const scheme = useComputedColorScheme('light')
  const { times, lines, format } = drawing
  const index = pointed ?? lastKnown(lines)
  const pointedAt = pointed === null ? undefined : times[pointed]
  return (
    <div className={classes.chart} aria-label={`${title}. ${summary}`} role="img">
      <div className={classes.head} aria-hidden>
        <span className={classes.title}>{title}</span>
        {lines.map(({ label, color, values }) => (
          <span key={label} className={classes.line}>
            <span className={classes.swatch} style={{ background: `var(${color})` }} />
            {label}
            <span className={`${classes.value} num`}>{valueWords(values[index], format)}</span>
          </span>
        ))}
        <span className={classes.when}>{pointedAt === undefined ? '' : clockTime(pointedAt)}</span>
      </div>
      <Plot key={scheme} {...drawing} onPoint={setPointed} />
    </div>
  )
}

function Plot({ times, lines, format, areBytes = false, onPoint }: ChartDrawing) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(
    () => (place.current ? drawTimeChart(place.current, { times, lines, format, areBytes, onPoint }) : undefined),
    [times, lines, format, areBytes, onPoint],
  )
  return <div ref={place} aria-hidden className={classes.plot} />
}

const valueWords = (value: number | null | undefined, format: (value: number) => string) =>
  value === null || value === undefined ? '–' : format(value)

const clockTime = (seconds: number) =>
  new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

const lastKnown = (lines: ChartLine[]): number =>
  Math.max(...lines.map(({ values }) => values.findLastIndex((value) => value !== null)))
