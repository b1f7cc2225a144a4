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

const keptText = (what: string) =>
  text(what).max(longestKept, `${what} has at most ${longestKept} characters.`).nullish().openapi({ description: kept })

const longestKept = 256
const kept = 'Kept and echoed; it has no effect here'

const NodeConfig = z.strictObject({
  instanceTypes: z.array(text('An instance type'), 'Instance types are a list with one entry.').optional(),
  paymentType: keptText('A payment type'),
  paymentPeriod: z.int32('A payment period is a whole number.').nullish().openapi({ description: kept }),
})

/** Of a cloud: see `cloudWords`. */
export const cloudWordFields = {
  template: keptText('A template'),
  provider: keptText('A provider'),
  region: keptText('A region'),
  scope: keptText('A scope'),
  vpc: keptText('A VPC'),
}

/** What stands beside the spec. */
export const besideFields = {
  clusterId: keptText('A cluster id'),
  accesses: z
    .array(z.record(z.string(), z.unknown(), 'An access is an object.'), 'Accesses are a list of objects.')
    .max(32, 'There are at most 32 accesses.')
    .nullish()
    .openapi({ description: kept }),
  endPoint: anything,
}

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
  securityGroup: anything,
  securityGroups: anything,
  dnsZoneType: anything,
  fileSystemForFsWal: anything,
}

export const foreignFeatureFields = {
  tableTopic: anything,
  s3Failover: anything,
  inboundRules: anything,
  extendListeners: anything,
}
