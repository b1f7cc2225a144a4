import type { ChangeProgress, GatePassage } from '../api-types.ts'
import type { StepRow } from './step-row.ts'

/**
 * A roll as a person tells it: one line for each node, instead of the three steps that every node takes. What led to no node's
 * return, as when somebody cancelled in between, stays as it is.
 */
const rollSteps = new Set(['pick-node', 'restart-node', 'await-node'])

type Progress = Pick<ChangeProgress, 'passages'>

export function rollRows(rows: StepRow[], change: Progress | null): StepRow[] {
  if (!change) return rows
  let told: StepRow[] = []
  let open: StepRow[] = []
  for (const row of rows) {
    if (!rollSteps.has(row.name) || row.look === 'planned') {
      told = withUnfinished(told, open, { ...change, left: passageLeft(row, change.passages) })
      open = []
      if (!isToldAlready(row, told.at(-1))) told.push(plannedRow(row))
      continue
    }
    open.push(row)
    const passage = passageThrough(row, change.passages)
    if (!passage) continue
    told.push(nodeRow(open, passage))
    open = []
  }
  return withUnfinished(told, open, change)
}

function passageThrough(row: StepRow, passages: GatePassage[]): GatePassage | undefined {
  if (row.name !== 'await-node' || !row.steps.at(-1)?.endedAt) return undefined
  return passages.find((passage) => passage.fate === 'through' && isWithin(row, passage))
}

/** Where the roll took another way, that step kept what was seen of the node. */
const passageLeft = (row: StepRow, passages: GatePassage[]): GatePassage | undefined =>
  passages.find((passage) => passage.fate === 'left' && isWithin(row, passage))

function isWithin({ steps }: StepRow, { at }: GatePassage): boolean {
  const step = steps.at(-1)
  if (!step) return false
  const to = step.endedAt ? Date.parse(step.endedAt) : Infinity
  return Date.parse(at) >= Date.parse(step.startedAt) && Date.parse(at) <= to
}

const nodeRow = (rows: StepRow[], passage: GatePassage): StepRow => ({
  ...rows.at(-1)!,
  key: rows[0]!.key,
  title: `Restart node ${passage.kafkaId}`,
  steps: rows.flatMap(({ steps }) => steps),
  passage,
})

type Ending = Progress & { left?: GatePassage | undefined }

/** The node on its way is one line too. A last look that found no node left to restart belongs to the node before it. */
function withUnfinished(told: StepRow[], rows: StepRow[], { passages, left }: Ending): StepRow[] {
  const [before, last] = [told.at(-1), rows.at(-1)]
  if (!last) return told
  const underWay = passages.find(({ fate }) => fate === 'under-way')
  const isUnderWay = last.look === 'active' || last.look === 'paused' || last.look === 'failed'
  if (isUnderWay && last.name !== 'pick-node' && underWay) return [...told, nodeRow(rows, underWay)]
  if (left) return [...told, { ...nodeRow(rows, left), look: 'cancelled' }]
  if (rows.length === 1 && last.look === 'done' && before?.passage) {
    return [...told.slice(0, -1), { ...before, steps: [...before.steps, ...last.steps] }]
  }
  return [...told, ...rows]
}

/** The planned steps of a roll are one line, and none once the roll has begun. */
function isToldAlready(row: StepRow, before: StepRow | undefined): boolean {
  if (row.look !== 'planned' || !rollSteps.has(row.name)) return false
  return before !== undefined && rollSteps.has(before.name)
}

const plannedRow = (row: StepRow): StepRow =>
  rollSteps.has(row.name) ? { ...row, title: 'Restart the nodes, one after the other' } : row
