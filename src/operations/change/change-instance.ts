import type { z } from 'zod'
import { actionOf, ChangeInput, recordedWish, targetOf, type ChangeKind } from '../../domain/change.ts'
import { AppError } from '../../domain/errors.ts'
import type { InstanceTarget } from '../../domain/instance.ts'
import type { Offer } from '../../domain/instance-rules.ts'
import type { Birth, StepDefinition } from '../../engine/define-operation.ts'
import { updateInstanceTarget } from '../../store/instances.ts'
import { holdPlacement, insertNodes, listNodes, updateNodeIntents, updateNodeTargets } from '../../store/nodes.ts'
import { defineInstanceOperation, type World } from '../world.ts'
import { moveAuthority } from './authority.ts'
import { renewCertificates } from './certificates.ts'
import { whyNotResume, whyNotTurnBack } from './finality.ts'
import { finalizeVersion, soak, verify } from './finish.ts'
import { addNodes, awaitAdded, proveEmpty, removeNodes } from './membership.ts'
import { moveReplicas, spreadReplicas } from './moves.ts'
import { plannedSteps, type ChangeStep } from './onward.ts'
import { check, fetchDistribution } from './prepare.ts'
import { refuseWrongChange } from './refuse-wrong-change.ts'
import { resizeFor, rowsFor } from './resize.ts'
import { awaitNode, pickNode, restartNode } from './roll.ts'
import { applySettings } from './settings.ts'
import { removeStrangers } from './strangers.ts'
import { tend } from './tend.ts'
import { tended } from './tended-step.ts'
import { turnBack } from './turn-back.ts'

/**
 * Changes a running Instance without losing a message: its size, version, settings, or only a restart; several at once with
 * the fewest restarts. Clients go on: a node stops only when everything it carries is in sync elsewhere. Cancelling goes back,
 * by the same steps, to what the Instance was.
 */
const steps: Record<ChangeStep, StepDefinition<World, ChangeStep>> = {
  'fetch-distribution': { title: 'Get the Kafka version', deadlineSeconds: 180, run: fetchDistribution },
  check: { title: 'Check that the Instance is whole', deadlineSeconds: 120, run: check },
  'remove-strangers': { title: 'Take brokers away that nobody made here', deadlineSeconds: 120, run: removeStrangers },
  'move-replicas': { title: 'Move data off the nodes that leave', deadlineSeconds: 3600, run: moveReplicas },
  'prove-empty': { title: 'Prove that the leaving nodes are empty', deadlineSeconds: 30, run: proveEmpty },
  'remove-nodes': { title: 'Take the empty nodes away', deadlineSeconds: 120, run: removeNodes },
  'apply-settings': { title: 'Apply the settings that need no restart', deadlineSeconds: 30, run: applySettings },
  'renew-certificates': { title: 'Show the new certificates', deadlineSeconds: 120, run: renewCertificates },
  'pick-node': { title: 'Choose the node that may restart now', deadlineSeconds: 300, run: pickNode },
  'restart-node': { title: 'Restart the node', deadlineSeconds: 60, run: restartNode },
  'await-node': { title: 'Wait until the Instance is whole again', deadlineSeconds: 300, run: awaitNode },
  'move-authority': { title: 'Move on to the new certificate authority', deadlineSeconds: 120, run: moveAuthority },
  'add-nodes': { title: 'Start the new nodes', deadlineSeconds: 60, run: addNodes },
  'await-added': { title: 'Wait until the new nodes are in the cluster', deadlineSeconds: 120, run: awaitAdded },
  'spread-replicas': { title: 'Move data onto the new nodes', deadlineSeconds: 3600, run: spreadReplicas },
  verify: { title: 'Produce and consume a canary record', deadlineSeconds: 60, run: verify },
  soak: { title: 'Watch the new version at work', deadlineSeconds: 7 * 86_400, run: soak },
  finalize: { title: 'Make the new version final', deadlineSeconds: 60, run: finalizeVersion },
  'turn-back': { title: 'Go back to what it was', deadlineSeconds: 60, run: turnBack },
}

const tendedSteps = Object.fromEntries(
  Object.entries(steps).map(([name, step]) => [name, { ...step, run: tended(name as ChangeStep, step.run) }]),
) as typeof steps

/** Values that may be secrets stay with the Instance alone. */
const recorded = ({ wish, options }: ChangeInput): ChangeInput => ({ wish: recordedWish(wish), options })

type Titles = { title: string; audit: string }

const defineChange = (kind: ChangeKind, { title, audit }: Titles) =>
  defineInstanceOperation({
    kind,
    title,
    audit,
    input: ChangeInput,
    permission: 'instance:update',
    action: actionOf(kind),
    during: 'Changing',
    after: 'Running',
    afterCancel: 'Running',
    onCancel: 'turn-back',
    whyNotCancel: whyNotTurnBack,
    whyNotResume,
    plannedSteps,
    tend,
    recorded,
    begin,
    steps: tendedSteps,
  })

export const changeDefinitions = {
  'resize-instance': defineChange('resize-instance', { title: 'Reconfigure', audit: 'instance.resize' }),
  'upgrade-instance': defineChange('upgrade-instance', { title: 'Upgrade', audit: 'instance.upgrade' }),
  'reconfigure-instance': defineChange('reconfigure-instance', {
    title: 'Change settings',
    audit: 'instance.reconfigure',
  }),
  'restart-instance': defineChange('restart-instance', { title: 'Restart', audit: 'instance.restart' }),
  'secure-instance': defineChange('secure-instance', { title: 'Change security', audit: 'instance.secure' }),
  'renew-certificates': defineChange('renew-certificates', {
    title: 'Renew certificates',
    audit: 'instance.renew',
  }),
  'exchange-authority': defineChange('exchange-authority', {
    title: 'Exchange the certificate authority',
    audit: 'instance.exchange-authority',
  }),
  'change-instance': defineChange('change-instance', { title: 'Change Instance', audit: 'instance.change' }),
  'adopt-drift': defineChange('adopt-drift', { title: 'Adopt drift', audit: 'instance.adopt' }),
  'revert-drift': defineChange('revert-drift', { title: 'Revert drift', audit: 'instance.revert' }),
} satisfies Record<ChangeKind, unknown>

async function begin(
  tx: Parameters<typeof listNodes>[0] & Parameters<typeof holdPlacement>[0],
  birth: Birth<z.infer<typeof ChangeInput>, Offer>,
) {
  const { instance, input, context: offer, now } = birth
  if (!instance) throw new AppError('bug', 'Operation.NoInstance', 'A change needs an Instance.')
  const nodes = await listNodes(tx, instance.id)
  refuseWrongChange({ instance, nodes, input, offer })
  const target = targetOf(instance, input.wish)
  await holdPlacement(tx, birth.environmentId)
  const resize = await resizeFor(tx, { instance, nodes, target, offer })
  const before: InstanceTarget = { version: instance.version, spec: instance.spec, features: instance.features }
  await updateInstanceTarget(tx, instance.id, {
    ...target,
    before,
    now,
  })
  await updateNodeTargets(tx, instance.id, target.version)
  await updateNodeIntents(tx, instance.id, { kafkaIds: resize.leave.map(({ kafkaId }) => kafkaId), intent: 'leave' })
  const joining = rowsFor(resize.join, {
    instance,
    standing: nodes,
    version: target.version,
    random: birth.random,
  })
  if (joining.length > 0) await insertNodes(tx, joining)
  return instance.id
}
