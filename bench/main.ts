import { availableParallelism, constants, cpus, loadavg } from 'node:os'
import type { Figure, Measured } from './figure.ts'
import { create } from './figures/create.ts'
import { del } from './figures/delete.ts'
import { hang } from './figures/hang.ts'
import { heal } from './figures/heal.ts'
import { idle } from './figures/idle.ts'
import { killChange } from './figures/kill-change.ts'
import { killNodeDuringChange } from './figures/kill-node.ts'
import { kill } from './figures/kill.ts'
import { list } from './figures/list.ts'
import { post } from './figures/post.ts'
import { resize } from './figures/resize.ts'
import { roll } from './figures/roll.ts'
import { stream } from './figures/stream.ts'
import { topics } from './figures/topics.ts'
import { upgradeTwice } from './figures/upgrade-twice.ts'
import { takeAllAway } from './leftovers.ts'
import { joinProcessorGroup } from './processor-group.ts'

/** `npm run bench` measures every figure, `npm run bench -- post idle` the named ones; the table comes at the end. */
const figures = [
  post,
  create,
  del,
  kill,
  list,
  topics,
  stream,
  idle,
  hang,
  roll,
  upgradeTwice,
  resize,
  killChange,
  killNodeDuringChange,
  heal,
]

const names = process.argv.slice(2)
const unknown = names.filter((name) => !figures.some((figure) => figure.name === name))
if (unknown.length > 0) {
  console.error(`There is no figure ${unknown.join(', ')}; there are ${figures.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void takeAllAway().then(() => process.exit(128 + constants.signals[signal])))
}

const load = () =>
  `load ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')} on ${availableParallelism()} cores`
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${load()}`)

const obstacle = joinProcessorGroup()
if (obstacle) console.log(obstacle)

type Row = { figure: Figure; measured: Measured; load: string }
const rows: Row[] = []
for (const figure of figures.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const before = load()
  console.log(`\n${figure.name}: ${figure.what} (${before})`)
  const measured = await measureWithin(figure)
  for (const note of measured.notes) console.log(`  ${note}`)
  console.log(`  → ${measured.value}; must reach ${figure.mustReach}: ${measured.met ? 'met' : 'NOT MET'}`)
  rows.push({ figure, measured, load: before })
}

console.log('\n| what | must reach | measured | |\n|---|---|---|---|')
for (const { figure, measured, load: before } of rows) {
  console.log(
    `| ${figure.what} | ${figure.mustReach} | ${measured.value} (${before}) | ${measured.met ? 'met' : 'NOT MET'} |`,
  )
}
// A figure that was given up may have left something open.
await takeAllAway()
process.exit(rows.every(({ measured }) => measured.met) ? 0 : 1)

async function measureWithin(figure: Figure): Promise<Measured> {
  const limit = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => limit.reject(new Error(`given up after ${figure.limitSeconds} s`)),
    figure.limitSeconds * 1000,
  )
  try {
    return await Promise.race([figure.measure(), limit.promise])
  } catch (thrown) {
    return { value: String(thrown), met: false, notes: thrown instanceof Error ? [thrown.stack ?? ''] : [] }
  } finally {
    clearTimeout(timer)
  }
}
