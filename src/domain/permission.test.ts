import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { millraceItself, permissions, roleGrants, roles, type Permission, type Role } from './permission.ts'

const administratorsOnly: readonly Permission[] = ['member:manage', 'service-account:manage', 'audit:read']

const refused: Record<Role, readonly Permission[]> = {
  administrator: [],
  operator: administratorsOnly,
  viewer: [
    'instance:create',
    'instance:update',
    'instance:delete',
    'operation:control',
    'topic:manage',
    'user:manage',
    'acl:manage',
    'group:manage',
    ...administratorsOnly,
  ],
}

for (const role of roles) {
  describe(`the role ${role}`, () => {
    for (const permission of permissions) {
      const isRefused = refused[role].includes(permission)
      test(`${isRefused ? 'refuses' : 'grants'} ${permission}`, () =>
        assert.equal(roleGrants(role, permission), !isRefused))
    }
  })
}

test('Millrace itself may heal what it watches over', () =>
  assert.ok(roleGrants(millraceItself.role, 'instance:update')))
