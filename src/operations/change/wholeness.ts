import { ailingIn } from '../../domain/next-roll.ts'
import { judgeHealth } from '../../domain/rolling.ts'
import type { Op } from '../world.ts'
import { patienceSpent } from './gate.ts'
import { isHeld, isLost, isTurnedBack, type Evidence, type Scene } from './scene.ts'

/**
 * Is the Instance whole, as far as the next thing to be done asks? What ails a node that leaves shuts no gate, and what ails one
 * that is due for a restart is what the restart may mend: on the way there after a moment to come well by itself, on the way
 * back at once.
 */
export type Wholeness = {
  /** Null: the gate is open. */
  why: string | null
  ailing: number[]
  /** Of them those that the restart may mend. */
  mending: number[]
}

/** `due`: the nodes that have a reason to restart. */
export type WholenessQuestion = { evidence: Evidence; due: number[] }

const ownTimeMs = 30_000

export function wholenessOf(op: Op, scene: Scene, { evidence, due }: WholenessQuestion): Wholeness {
  const health = judgeHealth(evidence.observation, evidence.expected)
  if (health.healthy) return { why: null, ailing: [], mending: [] }
  const ailing = ailingIn(evidence)
  const mending = scene.members
    .filter((node) => due.includes(node.kafkaId) && !isHeld(op, node.kafkaId) && !isLost(scene, node))
    .map(({ kafkaId }) => kafkaId)
    .filter((id) => ailing.includes(id))
  const leaving = scene.members.filter(({ intent }) => intent === 'leave').map(({ kafkaId }) => kafkaId)
  const hasHadTime = mending.length === 0 || isTurnedBack(op) || patienceSpent(op) >= ownTimeMs
  const isOpen = ailing.length > 0 && hasHadTime && ailing.every((id) => mending.includes(id) || leaving.includes(id))
  return { why: isOpen ? null : health.why, ailing, mending }
}
