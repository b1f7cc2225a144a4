import type { Instance } from './instance.ts'
import { withoutSecrets } from './kafka-settings.ts'

/** What the audit keeps of an Instance as it was before a change: what people ask for, and no value that may be a secret. */
export const auditedInstance = ({ name, state, targetVersion, spec, features }: Instance) => ({
  name,
  state,
  version: targetVersion,
  ...(spec.reservedAku !== undefined && { reservedAku: spec.reservedAku }),
  ...(spec.reservedNodeCount !== undefined && { reservedNodeCount: spec.reservedNodeCount }),
  instanceConfigs: withoutSecrets(features.instanceConfigs ?? []),
})
