import { finalBeyond } from '../../domain/version.ts'
import type { Operation } from '../../domain/operation.ts'
import { ChangeInput } from '../../domain/change.ts'
import { next, wait, type Outcome } from '../../engine/outcome.ts'
import type { Op } from '../world.ts'
import type { ChangeStep } from './onward.ts'
import { reviveStopped, type Scene } from './scene.ts'

/**
 * Whether a new version is final is Kafka's to say: it is as soon as a feature is finalised beyond what the old version knows. The
 * note keeps Kafka's last word for those who cannot ask. Absent: it was never near. `unknown`: Kafka was told to, and has not
 * answered yet; it counts as final until Kafka is asked.
 */
type Finality = boolean | 'unknown'

export const finalityOf = (notes: Operation['notes']): Finality | null =>
  (notes.isFinal as Finality | null | undefined) ?? null

export const rememberFinality = (op: Op, isFinal: Finality): void => op.remember({ isFinal })

/** Null: no node tells. One that lags behind does not know the newest. */
export async function isFinalNow(op: Op, { instance, endpoints }: Scene): Promise<boolean | null> {
  const { before, targetVersion } = instance
  if (!before || before.version === targetVersion) return false
  const answers = await Promise.allSettled(endpoints.map((endpoint) => op.world.clusters.features([endpoint])))
  const told = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.finalized] : []))
  if (told.length === 0) return null
  return told.some((finalized) => finalBeyond(before.version, finalized, op.world.catalogue) !== null)
}

/** Where the way back begins. Nothing: it is open. A cluster that cannot tell whether it is, is waited for. */
export async function stayIfFinal(op: Op, scene: Scene): Promise<Outcome<ChangeStep> | undefined> {
  if (finalityOf(op.notes) === 'unknown') {
    const isFinal = await isFinalNow(op, scene)
    if (isFinal === null) return (await reviveStopped(op, scene)) ?? wait(1, whyAsking)
    rememberFinality(op, isFinal)
  }
  return finalityOf(op.notes) === true ? next('finalize') : undefined
}

const whyAsking = 'No node says whether the new version is final already; before that is known there is no way back.'

/** Null: nothing that Kafka cannot take back has been done. */
export function whyNotTurnBack({ notes, step, pausedAt, outcome, failures }: Operation): string | null {
  const finality = finalityOf(notes)
  if (outcome === 'active' && notes.turnedBack === true) return 'It is on its way back already.'
  if (finality === true) {
    return 'The new version has been made final: Kafka cannot go back to the old one. Let the Operation end.'
  }
  const isAtWork = step === 'finalize' && !pausedAt && outcome === 'active' && failures === 0
  if (!isAtWork && finality !== 'unknown') return null
  return 'The new version is being made final. Should Kafka refuse, it can be rolled back again; let the Operation go on until then.'
}

/** An upgrade that was told to wait stands still before its last step: only a person's word for that lets it go on. */
export function waitsForFinalWord({ input, notes, step, pausedAt, outcome }: Operation): boolean {
  if (outcome !== 'active' || step !== 'finalize' || !pausedAt || finalityOf(notes) !== false) return false
  return ChangeInput.parse(input).options.finalize === 'manual'
}

export const whyNotResume = (operation: Operation): string | null =>
  waitsForFinalWord(operation)
    ? 'It waits for your word that the new version becomes final, after which there is no way back: make it final (:finalize), or roll back (:cancel).'
    : null
