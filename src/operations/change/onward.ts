import { next, type Outcome } from '../../engine/outcome.ts'
import { revertOf } from '../../domain/change.ts'
import type { Operation } from '../../domain/operation.ts'
import type { Op } from '../world.ts'
import { inputOf, isTurnedBack, reasonsToRestart, type Scene } from './scene.ts'

/** All steps of a change, in the order of the story. Those that have nothing to do are not visited. */
export type ChangeStep =
  | 'fetch-distribution'
  | 'check'
  | 'remove-strangers'
  | 'move-replicas'
  | 'prove-empty'
  | 'remove-nodes'
  | 'apply-settings'
  | 'renew-certificates'
  | 'pick-node'
  | 'restart-node'
  | 'await-node'
  | 'move-authority'
  | 'add-nodes'
  | 'await-added'
  | 'spread-replicas'
  | 'verify'
  | 'soak'
  | 'finalize'
  | 'turn-back'

type Stage = { step: ChangeStep; leadsTo: ChangeStep[]; isNeeded(op: Op, scene: Scene): boolean }

const has = (scene: Scene, intent: Scene['nodes'][number]['intent']) =>
  scene.nodes.some((node) => node.intent === intent)

/** Whose version is to become final, and has not gone back. */
export const isUpgrade = (op: Op, { instance }: Scene): boolean =>
  !isTurnedBack(op) && !!instance.before && instance.before.version !== instance.targetVersion

const roll: ChangeStep[] = ['pick-node', 'restart-node', 'await-node']

/**
 * Shrinking comes before the roll and growing after it: so no node is restarted that goes, and none that has just come.
 */
const stages: Stage[] = [
  {
    step: 'remove-strangers',
    leadsTo: [],
    isNeeded: (op) => revertOf(inputOf(op).wish).brokers.length > 0 && !isTurnedBack(op),
  },
  {
    step: 'move-replicas',
    leadsTo: ['prove-empty', 'remove-nodes'],
    isNeeded: (_op, scene) => has(scene, 'leave'),
  },
  { step: 'remove-nodes', leadsTo: [], isNeeded: (_op, scene) => has(scene, 'stop') },
  {
    step: 'apply-settings',
    leadsTo: [],
    isNeeded: (op, { instance }) =>
      !!instance.features.instanceConfigs ||
      !!instance.before?.features.instanceConfigs ||
      revertOf(inputOf(op).wish).settings.length > 0 ||
      revertOf(inputOf(op).wish).overrides.length > 0,
  },
  {
    step: 'renew-certificates',
    leadsTo: [],
    isNeeded: (op, { members }) =>
      inputOf(op).wish.security?.own !== undefined && members.some(({ internalPort }) => internalPort !== null),
  },
  {
    step: 'pick-node',
    leadsTo: roll.slice(1),
    isNeeded: (op, scene) => reasonsToRestart(op, scene).size > 0,
  },
  {
    step: 'move-authority',
    leadsTo: roll,
    isNeeded: (op) => inputOf(op).wish.authority !== undefined && !isTurnedBack(op),
  },
  {
    step: 'add-nodes',
    leadsTo: ['await-added', 'spread-replicas'],
    isNeeded: (_op, scene) => has(scene, 'join'),
  },
  { step: 'verify', leadsTo: [], isNeeded: () => true },
]

const opening: ChangeStep[] = ['fetch-distribution', 'check']

/** What a page shows as still to come, by what there is to do now. */
export function storyOf(op: Op, scene: Scene): ChangeStep[] {
  const needed = stages.filter(({ isNeeded }) => isNeeded(op, scene)).flatMap(({ step, leadsTo }) => [step, ...leadsTo])
  const ending: ChangeStep[] = isUpgrade(op, scene) ? ['soak', 'finalize'] : []
  return [...new Set([...opening, ...needed, ...ending])]
}

/** Until it has looked, a change knows only how it begins and ends. */
export const plannedSteps = ({ notes }: Operation): ChangeStep[] =>
  (notes.story as ChangeStep[] | undefined) ?? [...opening, 'verify']

/** The next stage after this one that has something to do. */
export function onward(op: Op, scene: Scene, after: ChangeStep | null): Outcome<ChangeStep> {
  const passed = stages.findIndex(({ step }) => step === after)
  const stage = stages.slice(passed + 1).find(({ isNeeded }) => isNeeded(op, scene))
  return next(stage!.step)
}
