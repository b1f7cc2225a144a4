import { isUsageBased, sizeOf } from '../domain/capacity.ts'
import type { Instance } from './api-types.ts'
import { plural } from './format.ts'

type Sized = Pick<Instance, 'spec' | 'nodeCount'>

/** "6 AKU", or "5 nodes" where nodes are counted. */
export const reservedWords = ({ spec }: Pick<Sized, 'spec'>): string =>
  isUsageBased(spec) ? plural(sizeOf(spec), 'node') : `${sizeOf(spec)} AKU`

/** "6 AKU on 3 nodes"; where nodes are counted, they alone. */
export const capacityWords = (instance: Sized): string =>
  isUsageBased(instance.spec)
    ? reservedWords(instance)
    : `${reservedWords(instance)} on ${plural(instance.nodeCount, 'node')}`
