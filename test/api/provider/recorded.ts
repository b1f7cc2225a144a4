import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The requests of one run of the public Terraform provider, from the first `apply` to `destroy`, in the order in which they came. */
export type Recorded = {
  /** From 1. */
  number: number
  method: string
  /** Below `/api/v1`, with `{instanceId}` and such where this run has its own. */
  target: string
  /** Of a success, any will do. */
  status: number
  body?: Record<string, unknown>
  /** It is asked once the Instance has come to this. */
  awaits?: 'Running' | 'gone'
  /** Whose secret key is not the right one. */
  signer?: 'wrong'
}

const file = join(import.meta.dirname, 'requests.jsonl')

export const recorded: readonly Recorded[] = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line, index) => ({ number: index + 1, ...JSON.parse(line) }))

/** Terraform reads side by side whatever does not depend on each other: a turn is one change, or reads that follow upon each other. */
export type Turn = readonly [Recorded, ...Recorded[]]

export function turnsOf(requests: readonly Recorded[]): Turn[] {
  const turns: [Recorded, ...Recorded[]][] = []
  for (const request of requests) {
    const turn = turns.at(-1)
    const isRead = request.method === 'GET' && !request.awaits
    if (isRead && turn?.[0].method === 'GET') turn.push(request)
    else turns.push([request])
  }
  return turns
}

/** With what this run has in place of the recorded. */
export const filled = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(name|version|zone|subnet|instanceId|topicId)\}/g, (_whole, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`nothing stands for {${name}} yet`)
    return value
  })
