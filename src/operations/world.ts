import type { VersionCatalogue } from '../domain/version.ts'
import { defineOperation, type OperationDefinition, type StepContext } from '../engine/define-operation.ts'
import type { KafkaClusters } from '../kafka/cluster.ts'
import type { Provider } from '../providers/provider.ts'

/** What operations and reconcilers act on; `main.ts` hands in the concrete ones. */
export type World = { provider: Provider; clusters: KafkaClusters; catalogue: VersionCatalogue }

export type Op = StepContext<World>

export const defineInstanceOperation = <I, C, const S extends string>(
  definition: OperationDefinition<World, I, C, S>,
): OperationDefinition<World, I, C, S> => defineOperation(definition)
