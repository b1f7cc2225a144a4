import type { NodeSlot } from './node.ts'

/**
 * Where a node tells its metrics, on its own address and to this machine alone: above all its listeners, as `security.ts` lays
 * them out. A node on a shared address has a range of 500 ports that no listener of any node uses.
 */
export const metricsPortOf = ({ port, controllerPort }: NodeSlot): number =>
  port === standardPort ? controllerPort + 6 : controllerPort + 3_500

const standardPort = 9092
