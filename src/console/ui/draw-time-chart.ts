import uPlot from 'uplot'

/** Lines over time on a canvas; it knows nothing of the page but the tokens of its colours. */
export type ChartLine = {
  label: string
  /** A token of `styles.css`, such as `--accent`. */
  color: string
  /** One for each time; null: nobody knows. */
  values: (number | null)[]
}

export type ChartDrawing = {
  /** Seconds since 1970, evenly spaced. */
  times: number[]
  lines: ChartLine[]
  format: (value: number) => string
  /** Bytes are marked off in powers of two. */
  areBytes?: boolean
  /** The moment that the person points at, by its place in `times`; null: none. */
  onPoint: (index: number | null) => void
}

const height = 150

/** As wide as the element, and as wide as that becomes. What it answers takes it away again. */
export function drawTimeChart(element: HTMLElement, drawing: ChartDrawing): () => void {
  const { times, lines } = drawing
  const chart = new uPlot(optionsFor(element, drawing), [times, ...lines.map(({ values }) => values)], element)
  const sized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
  sized.observe(element)
  return () => {
    sized.disconnect()
    chart.destroy()
  }
}

function optionsFor(element: HTMLElement, { lines, format, areBytes, onPoint }: ChartDrawing): uPlot.Options {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  const axis = {
    stroke: token('--mantine-color-dimmed'),
    font: `11px ${style.fontFamily}`,
    ticks: { show: false },
    grid: { stroke: token('--line'), width: 1 },
  }
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    padding: [8, 4, 0, 0],
    scales: { y: { range: (_chart, _least, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, values: '{HH}:{mm}', space: 70, size: 26 },
      {
        ...axis,
        size: 76,
        space: 36,
        values: (_chart, values) => values.map(format),
        ...(areBytes && { incrs: powersOfTwo }),
      },
    ],
    series: [{}, ...lines.map(({ color, values }) => lineOptions(token(color), values))],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
  }
}

const powersOfTwo = Array.from({ length: 50 }, (_, power) => 2 ** power)

const lineOptions = (stroke: string, values: ChartLine['values']): uPlot.Series => ({
  stroke,
  width: 1.75,
  fill: `color-mix(in srgb, ${stroke} 10%, transparent)`,
  points: { show: false, filter: withoutNeighbours(values), size: 5, fill: stroke },
  spanGaps: false,
})

/** A line needs two points: those that stand alone are dots. */
const withoutNeighbours = (values: ChartLine['values']): number[] => {
  const isKnown = (index: number) => (values[index] ?? null) !== null
  return values.flatMap((_, index) => (isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1) ? [index] : []))
}
