import { z } from '@hono/zod-openapi'
import { akuLimits, nodeCountLimits } from '../../domain/aku.ts'

/**
 * What the bodies of a create and of a change share. Fields of the wire contract that this provider cannot carry out are read
 * as whatever they are; `unsupported.ts` refuses them in words.
 */
export const text = (what: string) => z.string(`${what} is a text.`)
export const anything = z.unknown().optional()

export const Network = z.strictObject({ zone: text('A zone'), subnet: text('A subnet').optional() })

export const Tag = z.strictObject({ name: text('A tag name'), value: text('A tag value') })

export const Config = z.strictObject({ key: text('A key').min(1, 'A key is not empty.'), value: text('A value') })

const NodeConfig = z.strictObject({
  instanceTypes: z.array(text('An instance type'), 'Instance types are a list with one entry.').optional(),
  paymentType: anything,
  paymentPeriod: anything,
})

/** How big, in either unit. */
export const capacityFields = {
  reservedAku: z.int(`AKU is a whole number from ${akuLimits.least} to ${akuLimits.most}.`).optional(),
  reservedNodeCount: z
    .int(`The number of nodes is a whole number from ${nodeCountLimits.least} to ${nodeCountLimits.most}.`)
    .optional(),
  pricingMode: text('The pricing mode').optional(),
  nodeConfig: NodeConfig.optional(),
}

export const foreignSpecFields = {
  dnsZone: anything,
  kubernetesNodeGroups: anything,
  dataBuckets: anything,
  kubernetesClusterId: anything,
  kubernetesNamespace: anything,
  kubernetesServiceAccount: anything,
  kubernetesLoadBalancerSubnets: anything,
  scheduleSpec: anything,
  instanceRole: anything,
  securityGroups: anything,
  fileSystemForFsWal: anything,
  template: anything,
  provider: anything,
  region: anything,
  scope: anything,
  vpc: anything,
}

export const foreignFeatureFields = {
  tableTopic: anything,
  s3Failover: anything,
  inboundRules: anything,
  extendListeners: anything,
}
