import { z } from '@hono/zod-openapi'
import type { KeyPair } from '../../services/service-accounts/key-pair.ts'
import type { ServiceAccountReading } from '../../services/service-accounts/read-service-accounts.ts'
import { RoleShape } from '../members/shapes.ts'
import { Time } from '../views/shapes.ts'

const AccessKeyShape = z.object({
  accessKey: z.string(),
  createdAt: Time,
  endsAt: Time.nullable().openapi({ description: 'While a newer one takes over; null: as long as its account' }),
  lastUsedAt: Time.nullable().openapi({ description: 'To the minute' }),
})

export const ServiceAccountShape = z
  .object({
    serviceAccountId: z.string(),
    name: z.string(),
    role: RoleShape,
    instanceIds: z.array(z.string()).nullable().openapi({ description: 'That it may touch; null: all' }),
    expiresAt: Time.nullable(),
    isDisabled: z.boolean(),
    createdBy: z.string(),
    createdAt: Time,
    lastUsedAt: Time.nullable().openapi({ description: 'To the minute' }),
    accessKeys: z.array(AccessKeyShape).openapi({ description: 'The newest first' }),
  })
  .openapi('ServiceAccount')

export function serviceAccountView({ account, keys }: ServiceAccountReading): z.input<typeof ServiceAccountShape> {
  const accessKeys = keys.map(({ accessKey, createdAt, endsAt, lastUsedAt }) => ({
    accessKey,
    createdAt: createdAt.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }))
  return {
    serviceAccountId: account.id,
    name: account.name,
    role: account.role,
    instanceIds: account.instanceIds,
    expiresAt: account.expiresAt?.toISOString() ?? null,
    isDisabled: account.disabledAt !== null,
    createdBy: account.createdBy,
    createdAt: account.createdAt.toISOString(),
    // RFC 3339 in UTC sorts as text.
    lastUsedAt:
      accessKeys
        .flatMap(({ lastUsedAt }) => lastUsedAt ?? [])
        .toSorted()
        .at(-1) ?? null,
    accessKeys,
  }
}

/** The answer that gives a key pair. */
export const KeyPairShape = z
  .object({
    serviceAccount: ServiceAccountShape,
    keyPair: z
      .object({ accessKey: z.string(), secretKey: z.string() })
      .nullable()
      .openapi({ description: 'Shown this once; null in the answer to a repeat' }),
  })
  .openapi('ServiceAccountKeyPair')

export const keyPairView = (reading: ServiceAccountReading, pair: KeyPair | null): z.input<typeof KeyPairShape> => ({
  serviceAccount: serviceAccountView(reading),
  keyPair: pair,
})

export const expiry = z.iso
  .datetime({ offset: true, error: 'A moment is written as 2026-01-02T03:04:05Z.' })
  .transform((text) => new Date(text))
  .nullable()
  .openapi({ type: ['string', 'null'], format: 'date-time', description: 'null: never' })

export const instanceIds = z
  .array(z.string(), 'The Instances are a list of their ids.')
  .min(1, 'Name at least one Instance, or null for all.')
  .max(100, 'A service account is kept to at most 100 Instances, or to none.')
  .nullable()
  .openapi({ description: 'null: all Instances, those to come too' })
