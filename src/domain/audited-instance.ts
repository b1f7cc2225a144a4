import type { Instance } from './instance.ts'
import { withoutSecrets } from './kafka-settings.ts'
import { withoutExporterSecrets } from './metrics-exporter.ts'
import { auditedSecurity } from './security.ts'

/** What the audit keeps of an Instance as it was before a change: all that a change may change, and no value that may be a secret. */
export const auditedInstance = ({ name, description, tags, state, targetVersion, spec, features }: Instance) => ({
  name,
  ...(description !== null && { description }),
  ...(tags.length > 0 && { tags }),
  state,
  version: targetVersion,
  ...(spec.reservedAku !== undefined && { reservedAku: spec.reservedAku }),
  ...(spec.reservedNodeCount !== undefined && { reservedNodeCount: spec.reservedNodeCount }),
  networks: spec.networks,
  instanceConfigs: withoutSecrets(features.instanceConfigs ?? []),
  ...(features.security && { security: auditedSecurity(features.security) }),
  ...(features.metricsExporter && { metricsExporter: withoutExporterSecrets(features.metricsExporter) }),
})
