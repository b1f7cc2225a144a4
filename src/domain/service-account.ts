import type { InstanceId, ServiceAccountId } from './id.ts'
import type { Permission, Role } from './permission.ts'

/** A program's account: it signs its requests with a key pair, and has no screen. */
export type ServiceAccount = {
  id: ServiceAccountId
  environmentId: string
  name: string
  role: Role
  /** The Instances that it may touch; null: all of the environment, those to come too. */
  instanceIds: InstanceId[] | null
  expiresAt: Date | null
  disabledAt: Date | null
  createdBy: string
  createdAt: Date
}

/** How it is called where people read who did something: no member can have such a name. */
export const actorNameOf = ({ name }: Pick<ServiceAccount, 'name'>): string => `service-account/${name}`

/** The Instances that a caller may touch. */
export type InstanceScope = { has(id: InstanceId): boolean; only: readonly InstanceId[] | undefined }

export const wholeEnvironment: InstanceScope = { has: () => true, only: undefined }

export function scopeOf({ instanceIds }: Pick<ServiceAccount, 'instanceIds'>): InstanceScope {
  if (instanceIds === null) return wholeEnvironment
  return { has: (id) => instanceIds.includes(id), only: instanceIds }
}

/** What reaches beyond single Instances, and so cannot be done by who is kept to some. */
const environmentWide: readonly Permission[] = [
  'instance:create',
  'member:manage',
  'service-account:manage',
  'audit:read',
]

export const isEnvironmentWide = (permission: Permission): boolean => environmentWide.includes(permission)

/** Longer than any roll-out of a new key pair should take. */
export const longestOverlapSeconds = 30 * 24 * 3600
