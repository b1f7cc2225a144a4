import type { Environment } from '../domain/environment.ts'
import type { FieldProblem } from '../domain/errors.ts'
import type { InstanceTarget } from '../domain/instance.ts'
import { sizingFor } from '../domain/instance-rules.ts'
import { replicaProblems, settingProblems } from '../domain/setting-rules.ts'
import { settingCatalogueFor } from '../kafka/setting-catalogue.ts'

/** What is wrong with an Instance's own settings, by what its Kafka version says of them, and by its number of nodes. */
export function ownSettingProblems(
  { version, spec, features }: InstanceTarget,
  environment: Environment,
): FieldProblem[] {
  const settings = features.instanceConfigs ?? []
  const problems = settingProblems(settings, settingCatalogueFor(version), environment.settingPrefixes)
  return problems.length > 0 ? problems : replicaProblems(settings, sizingFor(spec, environment).nodeCount)
}
