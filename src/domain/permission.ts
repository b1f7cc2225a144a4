import { AppError } from './errors.ts'

/** What a caller may do, as `noun:verb`. Every operation and every route names one. */
export const permissions = [
  'instance:read',
  'instance:create',
  'instance:update',
  'instance:delete',
  'operation:control',
  'topic:read',
  'topic:manage',
  'user:read',
  'user:manage',
  'acl:read',
  'acl:manage',
  'group:read',
  'group:manage',
  'environment:read',
  'member:manage',
  'service-account:manage',
  'audit:read',
] as const
export type Permission = (typeof permissions)[number]

export const roles = ['administrator', 'operator', 'viewer'] as const
export type Role = (typeof roles)[number]

/** Who may come in, and what everybody did. */
const administratorsOnly: readonly Permission[] = ['member:manage', 'service-account:manage', 'audit:read']

const readOnly = permissions.filter((permission) => permission.endsWith(':read') && permission !== 'audit:read')

const granted: Record<Role, readonly Permission[]> = {
  administrator: permissions,
  operator: permissions.filter((permission) => !administratorsOnly.includes(permission)),
  viewer: readOnly,
}

export const roleGrants = (role: Role, permission: Permission): boolean => granted[role].includes(permission)

export function refuseUnlessGranted({ role }: Pick<Actor, 'role'>, permission: Permission): void {
  if (roleGrants(role, permission)) return
  throw new AppError('forbidden', 'Member.NotPermitted', `Your role does not include the permission ${permission}.`)
}

/** Who asks for a change: a member at a screen, a service account, or Millrace itself. It travels into the audit row. */
export type Actor = {
  name: string
  role: Role
  /** Address of the caller; null for Millrace itself. */ source: string | null
}

/** Standing duties act under this name. */
export const millraceItself: Actor = { name: 'millrace', role: 'administrator', source: null }
