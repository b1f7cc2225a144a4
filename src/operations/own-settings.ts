import type { Environment } from '../domain/environment.ts'
import type { FieldProblem } from '../domain/errors.ts'
import type { InstanceTarget } from '../domain/instance.ts'
import { settingProblems } from '../domain/setting-rules.ts'
import { settingCatalogueFor } from '../kafka/setting-catalogue.ts'

type Versioned = Pick<InstanceTarget, 'version' | 'features'>

/** What is wrong with an Instance's own settings, by what its Kafka version says of them. */
export function ownSettingProblems({ version, features }: Versioned, environment: Environment): FieldProblem[] {
  return settingProblems(features.instanceConfigs ?? [], settingCatalogueFor(version), environment.settingPrefixes)
}
