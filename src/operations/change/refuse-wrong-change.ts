import { sizeOf } from '../../domain/capacity.ts'
import { changeProblems, targetOf, type ChangeInput } from '../../domain/change.ts'
import type { Instance } from '../../domain/instance.ts'
import { refuseProblems, type Offer } from '../../domain/instance-rules.ts'
import type { Node } from '../../domain/node.ts'
import { findVersion } from '../../domain/version.ts'
import { ownSettingProblems } from '../own-settings.ts'

export type AskedChange = { instance: Instance; nodes: Node[]; input: ChangeInput; offer: Offer }

/** Throws `invalid` with every field's problem. Settings must suit the new version and size too, also those that stay as they are. */
export function refuseWrongChange({ instance, nodes, input, offer }: AskedChange): void {
  const { catalogue, environment } = offer
  const target = targetOf(instance, input.wish)
  const isResized = sizeOf(target.spec) !== sizeOf(instance.spec)
  const touchesSettings = input.wish.instanceConfigs || isResized || target.version !== instance.version
  const isKnown = findVersion(catalogue, target.version) !== undefined
  refuseProblems([
    ...changeProblems(input, { instance, nodes, catalogue }),
    ...(touchesSettings && isKnown ? ownSettingProblems(target, environment) : []),
  ])
}
