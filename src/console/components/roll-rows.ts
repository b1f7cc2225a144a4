import type { ChangeProgress, GatePassage } from '../api-types.ts'
import type { StepRow } from './step-row.ts'

/**
 * A roll as a person tells it: one line for each node, instead of the three steps that every node takes. What led to no node's
 * return, as when somebody cancelled in between, stays as it is.
 */
const rollSteps = new Set(['pick-node', 'restart-node', 'await-node'])

type Progress = Pick<ChangeProgress, 'passages' | 'rollingNode'>

export function rollRows(rows: StepRow[], change: Progress | null): StepRow[] {
  if (!change) return rows
  let told: StepRow[] = []
  let open: StepRow[] = []
  for (const row of rows) {
    if (!rollSteps.has(row.name) || row.look === 'planned') {
      told = withUnfinished(told, open, change)
      open = []
      if (!isToldAlready(row, told.at(-1))) told.push(plannedRow(row))
      continue
    }
    open.push(row)
    const passage = passageIn(row, change.passages)
    if (!passage) continue
    told.push(nodeRow(open, passage))
    open = []
  }
  return withUnfinished(told, open, change)
}

function passageIn({ name, steps }: StepRow, passages: GatePassage[]): GatePassage | undefined {
  const step = steps.at(-1)
  if (name !== 'await-node' || !step?.endedAt) return undefined
  const [from, to] = [Date.parse(step.startedAt), Date.parse(step.endedAt)]
  return passages.find(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to)
}

const nodeRow = (rows: StepRow[], passage: GatePassage): StepRow => ({
  ...rows.at(-1)!,
  key: rows[0]!.key,
  title: `Restart node ${passage.kafkaId}`,
  steps: rows.flatMap(({ steps }) => steps),
  passage,
})

/** The node on its way is one line too. A last look that found no node left to restart belongs to the node before it. */
function withUnfinished(told: StepRow[], rows: StepRow[], { rollingNode }: Progress): StepRow[] {
  const [before, last] = [told.at(-1), rows.at(-1)]
  if (!last) return told
  const isUnderWay = last.look === 'active' || last.look === 'paused' || last.look === 'failed'
  if (isUnderWay && last.name !== 'pick-node' && rollingNode !== null) {
    const steps = rows.flatMap((row) => row.steps)
    return [...told, { ...last, key: rows[0]!.key, title: `Restart node ${rollingNode}`, steps }]
  }
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
