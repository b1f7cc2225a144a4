import type { z } from '@hono/zod-openapi'
import { cloudWords, type InstanceSpec } from '../../domain/instance.ts'
import type { besideFields, capacityFields, cloudWordFields, Network } from './contract-fields.ts'

/** What a body says of the spec but the size: it is given at the create and fixed from then on. What is absent or null is not said. */
type Body = Given<Pick<typeof besideFields, 'clusterId' | 'accesses'>> & { spec?: GivenSpec | undefined }
type GivenSpec = Given<typeof capacityFields & typeof cloudWordFields> & {
  deployType?: string | undefined
  networks?: GivenNetwork[] | undefined
}
type GivenNetwork = z.output<typeof Network>
type Given<S extends z.ZodRawShape> = Partial<z.output<z.ZodObject<S>>>

export function fixedSpecOf({ spec = {}, ...body }: Body): Partial<InstanceSpec> {
  const { networks, nodeConfig = {} } = spec
  const types = said(nodeConfig, ['instanceTypes', 'paymentType', 'paymentPeriod'])
  const beside = said(body, ['clusterId', 'accesses'])
  return {
    ...said(spec, ['pricingMode', 'deployType', ...cloudWords]),
    ...(networks && { networks: networksOf(networks) }),
    ...(isAny(types) && { nodeConfig: types }),
    ...(isAny(beside) && { beside }),
  }
}

export const networksOf = (given: GivenNetwork[]): InstanceSpec['networks'] =>
  given.map(({ zone, subnet }) => ({ zone, ...(subnet !== undefined && { subnet }) }))

const said = <T extends object, F extends keyof T>(body: T, fields: readonly F[]) =>
  Object.fromEntries(
    fields.flatMap((field) => (body[field] === undefined || body[field] === null ? [] : [[field, body[field]]])),
  ) as {
    [field in F]?: NonNullable<T[field]>
  }

const isAny = (part: object): boolean => Object.keys(part).length > 0
